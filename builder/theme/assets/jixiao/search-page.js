// The search page: the form, the answer to it, and the address that says both.

import { answered, first, forget, PAGE, read } from "./search-first.js";
import { FACETS, fold, handled } from "./search.js";

const ROWS = 5; // matching indicators shown before the rest is folded away
const TEXTS = 2; // matching goals or paragraphs shown of one result
const VALUES = 8; // values of a facet shown before the rest is folded away,
const FEW = 2; // where the rest is more than this
const BEFORE = 24; // characters kept before the first match of a long text
const AFTER = 60; // and after the last

const place = document.getElementById("search");
const form = document.getElementById("search-form");
const [status, filter, results, more] = place.children;
const facets = filter.lastElementChild;
const title = document.title;

let turn = 0; // of the latest question; earlier ones are dropped when they come late
let answer; // the one shown

// 12,345; an Intl.NumberFormat takes longer to make than the whole answer
const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// Text with the words marked: runs of [text, whether it is marked]
function runs(source, asked) {
  const whole = fold(source);
  if (!asked.some((word) => whole.includes(word))) return [[source, false]];
  const signs = source.match(/\p{M}+|\P{M}\p{M}*/gu) ?? [];
  const parts = signs.map(fold);
  const plain = parts.join("");
  const owners = parts.flatMap((part, sign) => Array(part.length).fill(sign));
  const marked = signs.map(() => false);
  for (const word of plain === whole ? asked : []) {
    for (let at = plain.indexOf(word); at >= 0; at = plain.indexOf(word, at + 1)) {
      marked.fill(true, owners[at], owners[at + word.length - 1] + 1);
    }
  }
  const found = [];
  for (const [sign, characters] of signs.entries()) {
    if (sign === 0 || marked[sign] !== marked[sign - 1]) found.push(["", marked[sign]]);
    found[found.length - 1][0] += characters;
  }
  return found;
}

function nodes(found) {
  return found.map(([characters, marked]) => (marked ? element("mark", {}, characters) : characters));
}

const marked = (source, asked) => nodes(runs(source, asked));

function excerpt(source, asked) {
  const found = runs(source, asked);
  const first = found[0];
  const last = found[found.length - 1];
  if (!first[1] && first[0].length > BEFORE) first[0] = `…${Array.from(first[0]).slice(-BEFORE).join("")}`;
  if (!last[1] && last[0].length > AFTER) last[0] = `${Array.from(last[0]).slice(0, AFTER).join("")}…`;
  return nodes(found);
}

// Results

function row({ level2, name, value }, asked) {
  return element(
    "li",
    {},
    element("span", { className: "search-level2" }, level2),
    " ",
    element("span", {}, ...marked(name, asked)),
    value ? "：" : "",
    element("strong", {}, ...marked(value, asked)),
  );
}

function rows(indicators, asked) {
  const shown = indicators.slice(0, ROWS).map((indicator) => row(indicator, asked));
  const rest = indicators.slice(ROWS).map((indicator) => row(indicator, asked));
  const lists = shown.length ? [element("ul", { className: "search-rows" }, ...shown)] : [];
  if (rest.length) {
    const summary = element("summary", {}, `其余 ${rest.length} 个匹配的指标`);
    lists.push(element("details", {}, summary, element("ul", { className: "search-rows" }, ...rest)));
  }
  return lists;
}

function facts({ year, department, unit, amount }, asked) {
  if (year === null) return ["页面"];
  const names = unit.startsWith(department) ? [unit] : [department, unit];
  const shown = names.filter(Boolean).flatMap((name) => [" · ", ...marked(name, asked)]);
  return [`${year} 年度`, ...shown, amount ? ` · ${amount}` : ""];
}

function result(found, asked) {
  const has = (source) => asked.some((word) => fold(source).includes(word));
  const link = element("a", { href: place.dataset.root + found.address }, ...marked(found.title, asked));
  const texts = found.texts.filter(has).slice(0, TEXTS);
  return element(
    "article",
    { className: "search-result" },
    element("h2", {}, link),
    element("p", { className: "search-facts" }, ...facts(found, asked)),
    ...texts.map((source) => element("p", { className: "search-text" }, ...excerpt(source, asked))),
    ...rows(found.indicators.filter(({ name, value }) => has(name) || has(value)), asked),
  );
}

// The results whose texts are under way, in order, each as soon as its text is there
async function show() {
  const { asked, hits, texts } = answer;
  const asking = turn;
  for (const coming of texts.slice(results.children.length)) {
    const made = result(await coming, asked);
    if (asking !== turn) return;
    results.append(made);
  }
  more.hidden = texts.length >= hits.length;
}

// Facets

// The values of a facet in the order of their own, or else the most frequent first
function ordered(facet, counts, index) {
  const own = {
    年度: () => [...counts.keys()].sort((a, b) => b - a),
    二级指标: () => [...new Set(index.flatMap(({ level2 }) => level2))],
    资金: () => [...(index[0]?.labels ?? [])].reverse(),
    部门: () => [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1)),
  };
  return own[facet]().filter((value) => counts.has(value));
}

function choice(facet, value, count, checked) {
  const input = element("input", { type: "checkbox", name: facet, value, checked });
  input.setAttribute("form", form.id);
  return element("label", {}, input, ` ${value} `, element("span", { className: "search-count" }, grouped(count)));
}

function fieldset(facet, counts, chosen, index) {
  for (const value of chosen) if (!counts.has(value)) counts.set(value, 0);
  const values = ordered(facet, counts, index);
  const limit = values.length > VALUES + FEW ? VALUES : values.length;
  const shown = values.filter((value, rank) => rank < limit || chosen.has(value));
  const rest = values.filter((value) => !shown.includes(value));
  const choices = (some) => some.map((value) => choice(facet, value, counts.get(value), chosen.has(value)));
  const made = element("fieldset", {}, element("legend", {}, facet), ...choices(shown));
  if (rest.length) {
    const open = facets.querySelector(`details[data-facet="${facet}"]`)?.open ?? false;
    const folded = element("details", { open }, element("summary", {}, `其余 ${rest.length} 项`), ...choices(rest));
    folded.dataset.facet = facet;
    made.append(folded);
  }
  return made;
}

function showFacets({ facets: counted, chosen, index }) {
  const { name, value } = facets.contains(document.activeElement) ? document.activeElement : {};
  const made = FACETS.map((facet) => fieldset(facet, counted.get(facet), chosen.get(facet), index));
  const clear = element("button", { type: "button", className: "search-clear" }, "清除筛选");
  clear.hidden = FACETS.every((facet) => !chosen.get(facet).size);
  clear.addEventListener("click", () => {
    for (const input of facets.querySelectorAll("input")) input.checked = false;
    changed();
    form.elements.q.focus();
  });
  facets.replaceChildren(...made, clear);
  filter.hidden = made.every((one) => one.children.length === 1);
  for (const input of facets.querySelectorAll("input")) if (input.name === name && input.value === value) input.focus();
}

// Asking

function sentence({ asked, hits, index }) {
  const pages = hits.filter((hit) => index[hit.segment].year === null).length;
  const projects = hits.length - pages;
  const what = asked.map((word) => `“${word}”`).join("和");
  if (!hits.length) {
    return asked.length ? `没有找到含有${what}的项目。可以换短一些的词，或减少筛选条件。` : "没有符合筛选条件的项目。";
  }
  const counted = [projects && `${grouped(projects)} 个项目`, pages && `${grouped(pages)} 个页面`];
  return `${asked.length ? `含有${what}：` : "全部："}${counted.filter(Boolean).join("，")}`;
}

async function ask(state, coming = answered(state), again = false) {
  const asking = ++turn;
  const question = state.get("q") ?? "";
  for (const input of document.querySelectorAll('input[name="q"]')) input.value = question;
  place.dataset.state = "busy";
  document.title = question ? `${question} - ${title}` : title;
  try {
    const found = await coming;
    if (asking !== turn) return;
    answer = found;
    results.replaceChildren();
    more.hidden = true;
    status.textContent = sentence(answer);
    showFacets(answer);
    await show();
    if (asking === turn) place.dataset.state = "done";
  } catch (error) {
    forget();
    if (asking !== turn) return;
    if (!again) return ask(state, undefined, true); // a manifest from a cache may name folders that are gone
    place.dataset.state = "failed";
    status.textContent = "检索数据没有取到。请刷新页面再试；如果仍然不行，请稍后再来。";
    throw error;
  }
}

// The form has changed: its state becomes the page's address, to which one can come back.
function changed() {
  const state = new URLSearchParams(new FormData(form));
  history.pushState(null, "", `?${state}`);
  ask(state);
}

const inAddress = () => new URLSearchParams(location.search);

form.addEventListener("submit", (event) => {
  event.preventDefault();
  changed();
});
facets.addEventListener("change", changed);
more.addEventListener("click", async () => {
  const shown = results.children.length;
  read(answer, PAGE);
  await show();
  results.children[shown]?.querySelector("a").focus();
  history.replaceState({ shown: results.children.length }, "");
});
addEventListener("popstate", () => ask(inAddress()));

filter.open = matchMedia("(min-width: 45rem)").matches;
ask(inAddress(), first);
