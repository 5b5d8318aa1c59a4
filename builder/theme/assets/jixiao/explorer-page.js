// The table of indicators: the form, the rows that fit it, and the address that says both.

import { FACETS, open } from "./explorer.js";

const PAGE = 50; // rows shown at a time
const VALUES = 8; // values of a facet shown before the rest is folded away,
const FEW = 2; // where the rest is more than this
const TYPING = 250; // milliseconds without a key before what was typed is asked for

const place = document.getElementById("explorer");
const form = document.getElementById("explorer-form");
const [status, filter, results] = place.children;
const facets = filter.querySelector("div");
const clear = filter.querySelector(".explorer-clear");
const table = results.querySelector("table");
const body = table.tBodies[0];
const pager = results.querySelector("nav");
const heads = [...table.tHead.rows[0].cells];
const number = new Intl.NumberFormat("zh-CN");

let opened; // the table, once it has been asked for
let turn = 0; // of the latest question; earlier ones are dropped when they come late
let typed; // the timer while somebody is typing
let typing = false; // whether the address on top was made by typing, and may be replaced

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// Rows

function cell(label, ...children) {
  const made = element("td", {}, ...children);
  made.dataset.label = label;
  return made;
}

function line(row) {
  const name = element("th", { scope: "row" }, row.name);
  const amount = cell("数值", row.upper ? `${row.number}～${row.upper}` : row.number);
  amount.className = "number";
  const link = element("a", { href: place.dataset.root + row.address }, row.project);
  return element(
    "tr",
    {},
    cell("类别", element("span", {}, row.level1), " ", element("span", {}, row.level2)),
    name,
    cell("指标值", row.value || "—"),
    cell("符号", row.operator === "无符号" ? "" : row.operator),
    amount,
    cell("单位", row.unit === "无单位" ? "" : row.unit),
    cell("项目", link),
    cell("部门", row.department),
    cell("年度", String(row.year)),
  );
}

function showRows(index, rows, state) {
  const pages = Math.max(1, Math.ceil(rows.length / PAGE));
  const page = Math.min(pages, Math.max(1, Number.parseInt(state.get("页") ?? "1", 10) || 1));
  const shown = Array.from(rows.subarray((page - 1) * PAGE, page * PAGE), (row) => line(index.row(row)));
  body.replaceChildren(...shown);
  results.hidden = !rows.length;
  pager.hidden = pages === 1;
  pager.querySelector("span").textContent = `第 ${number.format(page)} 页，共 ${number.format(pages)} 页`;
  const targets = { first: 1, prev: page - 1, next: page + 1, last: pages };
  for (const link of pager.querySelectorAll("a")) {
    const target = targets[link.dataset.to];
    const there = target >= 1 && target <= pages && target !== page;
    if (there) {
      link.href = address(state, target);
      link.removeAttribute("role");
      link.removeAttribute("aria-disabled");
    } else {
      // A link that leads nowhere now, for keyboard and screen reader alike.
      link.removeAttribute("href");
      link.setAttribute("role", "link");
      link.setAttribute("aria-disabled", "true");
    }
  }
  for (const head of heads) {
    const name = head.firstChild.value;
    if (name !== state.get("排序")) head.removeAttribute("aria-sort");
    else head.setAttribute("aria-sort", state.get("降序") ? "descending" : "ascending");
  }
}

// Facets

// The values of a facet in the order of their own, or else the most frequent first
function ordered(facet, counts, { slots, kinds, operators }) {
  const own = {
    年度: () => [...counts.keys()].sort((a, b) => b - a),
    一级指标: () => [...new Set(slots.map(([level1]) => level1))],
    二级指标: () => [...new Set(slots.map(([, level2]) => level2))],
    类型: () => kinds,
    符号: () => operators,
  };
  const frequent = () => [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
  return (own[facet] ?? frequent)().filter((value) => counts.has(value));
}

function choice(facet, value, count, checked) {
  const input = element("input", { type: "checkbox", name: facet, value, checked });
  input.setAttribute("form", form.id);
  return element("label", {}, input, ` ${value} `, element("span", { className: "explorer-count" }, count));
}

function fieldset(facet, counts, chosen, index) {
  const words = new Map(Array.from(counts, ([value, count]) => [value, number.format(count)]));
  for (const value of chosen) if (!counts.has(value)) counts.set(value, 0);
  if (facet === "年度") {
    for (const { year, rows, ready } of index.years) {
      if (!ready && rows) words.set(String(year), `共 ${number.format(rows)}`);
      if (!ready && rows) counts.set(String(year), rows);
    }
  }
  const values = ordered(facet, counts, index.manifest);
  const limit = values.length > VALUES + FEW ? VALUES : values.length;
  const shown = values.filter((value, rank) => rank < limit || chosen.has(value));
  const rest = values.filter((value) => !shown.includes(value));
  const choices = (some) => some.map((value) => choice(facet, value, words.get(value) ?? "0", chosen.has(value)));
  const made = element("fieldset", {}, element("legend", {}, facet), ...choices(shown));
  if (rest.length) {
    const unfolded = facets.querySelector(`details[data-facet="${facet}"]`)?.open ?? false;
    const folded = element("details", { open: unfolded }, element("summary", {}, `其余 ${rest.length} 项`), ...choices(rest));
    folded.dataset.facet = facet;
    made.append(folded);
  }
  return made;
}

function showFacets(counted, chosen, index) {
  const { name, value } = facets.contains(document.activeElement) ? document.activeElement : {};
  facets.replaceChildren(...FACETS.map((facet) => fieldset(facet, counted.get(facet), chosen.get(facet), index)));
  filter.hidden = false;
  for (const input of facets.querySelectorAll("input")) if (input.name === name && input.value === value) input.focus();
}

// Asking

const numeric = (text) => (text ? Number(text) : NaN);

// The rows that fit the state of the page, and the words for how many there are
function answer(index, state, chosen) {
  const { rows, facets: counted } = index.select({
    question: state.get("q") ?? "",
    facets: chosen,
    from: numeric(state.get("从")),
    to: numeric(state.get("到")),
    column: heads.some((head) => head.firstChild.value === state.get("排序")) ? state.get("排序") : undefined,
    descending: state.has("降序"),
  });
  showRows(index, rows, state);
  showFacets(counted, chosen, index);
  const whole = number.format(index.rows);
  const found = rows.length === index.rows ? `全部 ${whole} 个指标` : `${number.format(rows.length)} 个指标（全部 ${whole} 个）`;
  return rows.length ? found : `没有符合条件的指标（全部 ${whole} 个）。可以换短一些的词，或减少筛选条件。`;
}

async function ask(state) {
  const asking = ++turn;
  const chosen = new Map(FACETS.map((facet) => [facet, new Set(state.getAll(facet))]));
  fill(state);
  place.dataset.state = "busy";
  try {
    opened ??= open(`${place.dataset.root}indicators/data/`);
    const index = await opened;
    if (!index.loaded.length) status.textContent = "正在取数据……";
    await index.load(chosen.get("年度"), (last) => {
      if (asking === turn && !last) status.textContent = `${answer(index, state, chosen)}，正在取其余年度……`;
    });
    if (asking !== turn) return;
    status.textContent = answer(index, state, chosen);
    place.dataset.state = "done";
  } catch (error) {
    if (asking !== turn) return;
    opened = undefined;
    place.dataset.state = "failed";
    status.textContent = "数据没有取到。请刷新页面再试；如果仍然不行，请稍后再来。";
    throw error;
  }
}

// The form as the state says; facets are filled when they are counted.
function fill(state) {
  const { q, 从: from, 到: to, 排序: order, 降序: descending } = form.elements;
  if (q !== document.activeElement || !typing) q.value = state.get("q") ?? "";
  from.value = state.get("从") ?? "";
  to.value = state.get("到") ?? "";
  order.value = state.get("排序") ?? "";
  descending.checked = state.has("降序");
  clear.hidden = !FACETS.some((facet) => state.has(facet)) && !["q", "从", "到"].some((name) => state.get(name));
}

// What the form says, without what it leaves open
function read() {
  const state = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== ""));
  if (!state.has("排序")) state.delete("降序");
  return state;
}

function address(state, page) {
  const copy = new URLSearchParams(state);
  copy.delete("页");
  if (page > 1) copy.set("页", page);
  return String(copy) ? `?${copy}` : "./";
}

function go(state, page = 1, { replace = false } = {}) {
  const where = address(state, page);
  if (replace) history.replaceState(null, "", where);
  else history.pushState(null, "", where);
  return ask(new URLSearchParams(location.search));
}

function changed() {
  clearTimeout(typed);
  typing = false;
  return go(read());
}

function keyed() {
  clearTimeout(typed);
  typed = setTimeout(() => {
    const replace = typing;
    typing = true;
    go(read(), 1, { replace });
  }, TYPING);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  changed();
});
form.elements.q.addEventListener("input", (event) => {
  if (!event.isComposing) keyed();
});
form.elements.q.addEventListener("compositionend", keyed);
filter.addEventListener("change", changed);
clear.addEventListener("click", () => {
  const kept = [...read()].filter(([name]) => name === "排序" || name === "降序");
  clearTimeout(typed);
  typing = false;
  go(new URLSearchParams(kept));
  form.elements.q.focus();
});
table.tHead.addEventListener("click", ({ target }) => {
  if (!(target instanceof HTMLButtonElement)) return;
  const { 排序: order, 降序: descending } = form.elements;
  const again = order.value === target.value;
  const third = again && descending.checked; // up, down, and back to the order of the forms
  order.value = third ? "" : target.value;
  descending.checked = again && !third;
  changed();
});
pager.addEventListener("click", (event) => {
  if (!event.target.href || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const state = new URLSearchParams(new URL(event.target.href).search);
  go(state, Number(state.get("页") ?? 1));
  table.scrollIntoView({ block: "start" });
});
addEventListener("popstate", () => {
  typing = false;
  ask(new URLSearchParams(location.search));
});

filter.open = matchMedia("(min-width: 60rem)").matches;
if ("DecompressionStream" in globalThis) ask(new URLSearchParams(location.search));
else status.textContent = "您的浏览器版本太旧，不能在这里筛选。请换用新一些的浏览器，或从首页按年度和部门浏览。";
