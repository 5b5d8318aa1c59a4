// Every field but the indicators: single ones, amounts, lists of texts and lists of groups, as forms.json has them.

import { arrange, button, element, goTo, growing, say } from "./fill-dom.js";
import { addItem, removeItem, stepItem, sum } from "./fill-record.js";
import { lines } from "./fill-paste.js";

let number = 0; // for ids that labels refer to

const example = ({ examples: [first] = [] }) => (first === undefined || typeof first === "object" ? undefined : `例如 ${first}`);

// One control with its label; `where` is the key of its text
export function field(told, where, { compact = false } = {}) {
  const id = `fill-${++number}`;
  const hint = told.description && !compact ? `${id}-hint` : undefined;
  const common = { id, data: { key: where, kind: told.kind }, "aria-describedby": hint, "aria-required": told.required ? "true" : undefined };
  const { box, control } = controlOf(told, common);
  if (hint) control.dataset.hint = hint;
  const label = element("label", { htmlFor: id }, told.title, told.required && element("span", { className: "fill-mark" }, "必填"));
  const said = hint && element("p", { id: hint, className: "fill-hint" }, told.description);
  return element("div", { className: `fill-field fill-${told.kind}`, data: { holder: "" } }, label, box, said);
}

function controlOf(told, common) {
  if (told.kind === "choice") {
    const options = ["", ...told.choices].map((choice) => element("option", { value: choice }, choice || "（不写）"));
    const control = element("select", common, ...options);
    return { box: control, control };
  }
  if (told.kind === "integer" || told.kind === "number") {
    const inputMode = told.kind === "integer" ? "numeric" : "decimal";
    const control = element("input", { ...common, type: "text", inputMode, autocomplete: "off", placeholder: example(told) });
    return { box: control, control };
  }
  const { box, field: control } = growing({ ...common, placeholder: example(told) });
  return { box, control };
}

// The page from the fields of a form, in order; `indicators` is the place of the grid
export function sections(form, desk, indicators) {
  const parts = [];
  const rest = [];
  let single; // the section that single fields go into
  let passed = false; // the indicators
  for (const told of form.fields) {
    if (told.kind === "form") continue;
    const made = sectionOf(told, form, desk, indicators);
    if (told.kind === "indicators") passed = true;
    if (told.key === "豁免") parts.push(made);
    else if (passed && told.kind !== "indicators") rest.push(made);
    else if (made.single) {
      single ??= parts[parts.push(section("基本情况", "fill-basics", element("div", { className: "fill-fields" }))) - 1];
      single.node.lastChild.append(made.node);
    } else parts.push(made);
  }
  if (rest.length) parts.push(others(rest));
  return parts;
}

function section(title, id, ...children) {
  return { title, id, node: element("section", { id, "aria-labelledby": `${id}-title` }, element("h2", { id: `${id}-title` }, title), ...children) };
}

function others(parts) {
  const names = parts.map(({ title }) => title).join("、");
  const details = element("details", { className: "more" }, element("summary", {}, `其他栏目：${names}`), ...parts.map(({ node }) => node));
  return { node: details, arrange: (state) => parts.forEach((part) => part.arrange?.(state)) };
}

function sectionOf(told, form, desk, indicators) {
  const { key, title, kind } = told;
  if (kind === "indicators") return { ...section(title, "fill-indicators", indicators.node), arrange: (state) => indicators.arrange(state) };
  if (kind === "group") return amounts(told, form);
  if (kind === "list") return list(told, desk);
  if (kind === "records") return records(told, desk);
  return { single: true, title, node: field(told, key) };
}

function amounts(told, form) {
  const said = element("p", { className: "fill-sum", role: "note" });
  const fields = told.fields.map((inner) => field(inner, `${told.key}/${inner.key}`));
  const made = section(`${told.title}（${form.currency}）`, "fill-funding", element("div", { className: "fill-fields fill-amounts" }, ...fields), said);
  made.arrange = (state) => {
    const text = (key) => (state.texts[`${told.key}/${key}`] ?? "").trim();
    const given = form.funds.filter((key) => text(key));
    const total = sum([text(form.total)]);
    const all = sum(form.funds.map(text));
    const differs = text(form.total) && total !== all;
    said.textContent = given.length ? `各项来源合计 ${all} ${form.currency}${differs ? `，与总额 ${total} 不等` : ""}` : "";
    said.classList.toggle("differs", Boolean(given.length && differs));
  };
  return made;
}

// A list of texts: Enter adds one below, several pasted lines become several
function list(told, desk) {
  const items = element("ol", { className: "fill-list" });
  const add = button(`＋ 加一条`, () => desk.focus(`${told.key}/${desk.change(told.key, (state) => addItem(state, told.key))}`));
  const made = section(told.title, `fill-${told.key}`, element("p", { className: "fill-hint" }, told.description), items, add);
  const rows = new Map();
  items.addEventListener("keydown", (event) => listKey(event, told, desk));
  items.addEventListener("paste", (event) => listPaste(event, told, desk));
  made.arrange = (state) => {
    const ids = state.lists[told.key];
    for (const id of ids) if (!rows.has(id)) rows.set(id, textItem(told, id, desk));
    ids.forEach((id, at) => rows.get(id).querySelector("textarea").setAttribute("aria-label", `${told.title}第 ${at + 1} 条`));
    arrange(items, ids.map((id) => rows.get(id)));
  };
  return made;
}

function textItem(told, id, desk) {
  const { box } = growing({ data: { key: `${told.key}/${id}`, kind: told.kind, item: id } });
  return element("li", { data: { holder: "" } }, element("div", { className: "fill-item" }, box, itemButtons(told, id, desk)));
}

function itemButtons(told, id, desk) {
  const step = (by, words) => () => {
    if (desk.change(told.key, (state) => stepItem(state, told.key, id, by))) say(words);
  };
  const remove = () => {
    desk.change(told.key, (state) => removeItem(state, told.key, id));
    say(`删去了一条${told.title}，可以撤销`);
  };
  return element(
    "span",
    { className: "fill-tools" },
    button("↑", step(-1, "上移了一行"), { title: "上移（Alt+↑）", "aria-label": "上移" }),
    button("↓", step(1, "下移了一行"), { title: "下移（Alt+↓）", "aria-label": "下移" }),
    button("✕", remove, { title: "删去", "aria-label": "删去" }),
  );
}

function listKey(event, told, desk) {
  const id = Number(event.target.dataset.item);
  if (event.isComposing || !id) return;
  const { key } = event;
  const ids = desk.state.lists[told.key];
  if (event.altKey && (key === "ArrowUp" || key === "ArrowDown")) {
    event.preventDefault();
    if (desk.change(told.key, (state) => stepItem(state, told.key, id, key === "ArrowUp" ? -1 : 1))) say(key === "ArrowUp" ? "上移了一行" : "下移了一行");
  } else if (key === "Enter" && !event.target.value && ids.length > 1 && id === ids.at(-1)) {
    event.preventDefault();
    const next = after(event.target, desk.place);
    desk.change(told.key, (state) => removeItem(state, told.key, id));
    if (next) goTo(next);
  } else if (key === "Enter" && !event.ctrlKey) {
    event.preventDefault();
    desk.focus(`${told.key}/${desk.change(told.key, (state) => addItem(state, told.key, id))}`);
  } else if (key === "Backspace" && !event.target.value && ids.length > 1) {
    event.preventDefault();
    const near = ids[Math.max(ids.indexOf(id) - 1, 0)] === id ? ids[1] : ids[Math.max(ids.indexOf(id) - 1, 0)];
    desk.change(told.key, (state) => removeItem(state, told.key, id));
    desk.focus(`${told.key}/${near}`);
  }
}

function listPaste(event, told, desk) {
  const id = Number(event.target.dataset.item);
  const found = lines(event.clipboardData.getData("text/plain"));
  if (!id || found.length < 2) return;
  event.preventDefault();
  desk.change(told.key, (state) => {
    let last = id;
    const empty = !state.texts[`${told.key}/${id}`];
    for (const [at, line] of found.entries()) {
      if (at || !empty) last = addItem(state, told.key, last);
      state.texts[`${told.key}/${last}`] = line;
    }
  });
  say(`贴入 ${found.length} 条`);
}

// A list of groups, each with its fields
function records(told, desk) {
  const items = element("ol", { className: "fill-records" });
  const add = button(`＋ 加一条${told.title}`, () => {
    const id = desk.change(told.key, (state) => addItem(state, told.key));
    desk.focus(`${told.key}/${id}/${told.fields[0].key}`);
  });
  const made = section(told.title, `fill-${told.key}`, element("p", { className: "fill-hint" }, told.description), items, add);
  const rows = new Map();
  made.arrange = (state) => {
    const ids = state.lists[told.key];
    for (const id of ids) if (!rows.has(id)) rows.set(id, recordItem(told, id, desk));
    ids.forEach((id, at) => rows.get(id).querySelector("fieldset").setAttribute("aria-label", `${told.title}第 ${at + 1} 条`));
    arrange(items, ids.map((id) => rows.get(id)));
  };
  return made;
}

function recordItem(told, id, desk) {
  const where = `${told.key}/${id}`;
  const fields = told.fields.map((inner) => {
    const made = field(inner, `${where}/${inner.key}`, { compact: true });
    made.querySelector("[data-key]").title = inner.description;
    if (inner.key === "规则") made.append(ruleName());
    return made;
  });
  const set = element("fieldset", { className: "fill-record" }, ...folded(told, fields));
  return element("li", {}, set, itemButtons(told, id, desk));
}

// Of many fields, those that are seldom needed are folded away
function folded({ fields: told }, made) {
  const rare = told.length > 3 ? made.filter((_, at) => !told[at].required && told[at].kind !== "texts") : [];
  if (!rare.length) return made;
  const names = told.filter((_, at) => rare.includes(made[at])).map(({ title }) => title);
  const details = element("details", { className: "fill-rare" }, element("summary", {}, names.join("、")), element("div", { className: "fill-record" }, ...rare));
  return [...made.filter((one) => !rare.includes(one)), details];
}

// A folded field that holds something is shown
export function unfold(place) {
  for (const details of place.querySelectorAll(".fill-rare:not([open])")) details.open = [...details.querySelectorAll("[data-key]")].some(({ value }) => value);
}

const ruleName = () => element("p", { className: "fill-hint fill-rule" });

// What each rule asks for, beside its code
export function nameRules(place, rules) {
  for (const said of place.querySelectorAll(".fill-rule")) {
    const code = said.parentElement.querySelector("[data-key]").value.trim();
    const words = rules.get(code) ?? (code ? "没有这个编号的规则" : "");
    if (said.textContent !== words) said.textContent = words;
  }
}

// Enter goes on to the next control; a list of names alone has lines
export function onEnter(event, place) {
  const { target, key, isComposing } = event;
  if (key !== "Enter" || isComposing || event.defaultPrevented || !target.dataset?.key) return;
  if (target.dataset.kind === "texts" || target.tagName === "SELECT") return;
  event.preventDefault();
  const next = after(target, place, event.shiftKey ? -1 : 1);
  if (next) goTo(next);
}

// The control after (or before) another, as they stand on the page
function after(control, place, step = 1) {
  const all = [...place.querySelectorAll("[data-key]:not(button)")].filter((one) => one.checkVisibility?.() ?? one.offsetParent);
  return all[all.indexOf(control) + step];
}
