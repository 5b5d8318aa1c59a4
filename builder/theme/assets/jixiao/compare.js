// Any two projects side by side: ?a=<年度>/<部门代码>/<项目>&b=... Indicators are matched by kind and name alone.

import { fold, open, search, text } from "./search.js";

const FOUND = 8; // projects offered for one question
const SIDES = ["a", "b"];
const NAMES = { a: "甲", b: "乙" };
const DIRECTIONS = { 正向: "越高越好", 反向: "越低越好" };
const MARKS = {
  same: ["＝", "相同"],
  only: { a: ["－", "只有甲有"], b: ["＋", "只有乙有"] },
  raised: "▲",
  lowered: "▼",
  other: "◆",
};

const place = document.getElementById("compare");
const [choice, status, result] = place.children;
const sections = Object.fromEntries(SIDES.map((side, number) => [side, choice.children[number]]));
const { root } = place.dataset;
const title = document.title;

let index; // of the search, once it has been asked for
let turn = 0; // of the latest pair; earlier ones are dropped when they come late

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// 年度, 部门代码 and stem in an address or in what somebody pasted, joined by slashes; empty where there are none
function identity(source) {
  let path = source.trim();
  try {
    if (/^[a-z]+:/iu.test(path)) path = new URL(path).pathname;
    path = decodeURIComponent(path);
  } catch {
    return "";
  }
  const found = /(?:^|\/)(\d{4})\/([^/\\]+)\/([^/\\]+?)\/?$/u.exec(path.replace(/[?#].*$/su, ""));
  return found && !found.slice(2).some((part) => /^\.+$/u.test(part)) ? found.slice(1).join("/") : "";
}

const page = (project) => `${root}${project.split("/").map(encodeURIComponent).join("/")}/`;

async function facts(project) {
  const stem = project.slice(project.lastIndexOf("/") + 1);
  const response = await fetch(`${page(project)}${encodeURIComponent(stem)}.json`);
  if (!response.ok) throw new Error(`${response.status} ${project}`);
  return response.json();
}

// Matching

const key = ({ level2, name }) => `${fold(level2)}\n${fold(name)}`;

// Pairs of indicators with the same kind and name, in the order of the first project and then of the second's own;
// where a name stands several times, the first goes with the first.
function pairs(a, b) {
  const left = new Map();
  for (const row of b.indicators) left.set(key(row), [...(left.get(key(row)) ?? []), row]);
  const both = a.indicators.map((row) => [row, left.get(key(row))?.shift()]);
  const rest = [...left.values()].flat();
  return [...both, ...b.indicators.filter((row) => rest.includes(row)).map((row) => [undefined, row])];
}

// What two values are to one another: a class of the style sheet, a sign and words
export function verdict(a, b) {
  if (!b) return ["gone", ...MARKS.only.a];
  if (!a) return ["new", ...MARKS.only.b];
  if (a.value === b.value) return ["same", ...MARKS.same];
  const [one, two] = [a.meaning ?? {}, b.meaning ?? {}];
  const alike = ["comparable_unit", "operator", "upper", "tolerance", "approximate"].every((key) => one[key] === two[key]);
  if (!alike || !one.comparable || !two.comparable) return ["other", MARKS.other, "不同"];
  const more = Number(two.comparable) - Number(one.comparable);
  if (!more) return ["same", MARKS.same[0], "数相同，写法不同"];
  const word = more > 0 ? "乙的数较大" : "乙的数较小";
  if (!DIRECTIONS[one.direction] || one.direction !== two.direction) return ["other", MARKS.other, word];
  const better = more > 0 === (one.direction === "正向");
  const why = DIRECTIONS[one.direction];
  return [better ? "raised" : "lowered", better ? MARKS.raised : MARKS.lowered, `${word}（${why}）`];
}

function mark([fate, sign, word]) {
  return element("span", { className: `mark ${fate}` }, `${sign} ${word}`);
}

// The table

function cell(label, ...children) {
  const made = element("td", {}, ...children);
  made.dataset.label = label;
  return made;
}

function table(caption, heads, rows) {
  const made = element("table", { className: "listing tracks" });
  made.append(element("caption", { className: "visually-hidden" }, caption));
  made.append(element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))));
  made.append(element("tbody", {}, ...rows));
  return made;
}

const head = (side, { year, name }) => `${NAMES[side]}：${name}（${year}）`;

function line(name, left, right, judged) {
  const row = element("tr", {}, element("th", { scope: "row" }, ...name), cell("甲", left || "—"), cell("乙", right || "—"));
  row.append(cell("比较", judged ? mark(judged) : "—"));
  return row;
}

function money(a, b) {
  const change = Number(b.total_wan) - Number(a.total_wan);
  const word = change > 0 ? "乙较多" : "乙较少";
  const judged = change ? ["other", MARKS.other, word] : ["same", ...MARKS.same];
  const plain = (name, of) => line([name], a[of], b[of]);
  const total = ({ total, currency }) => (total ? `${total} ${currency}` : "");
  return [
    plain("年度", "year"),
    plain("主管部门", "department"),
    plain("实施单位", "unit"),
    line(["年度资金总额"], total(a), total(b), a.total && b.total ? judged : undefined),
  ];
}

function goals(project) {
  return project.goals.length ? element("ol", {}, ...project.goals.map((goal) => element("li", {}, goal))) : "—";
}

function counted(judged) {
  const counts = new Map();
  const said = { same: "相同", new: "只有乙有", gone: "只有甲有" };
  for (const [fate] of judged) counts.set(said[fate] ?? "不同", (counts.get(said[fate] ?? "不同") ?? 0) + 1);
  const order = ["相同", "不同", "只有甲有", "只有乙有"];
  return order.filter((word) => counts.has(word)).map((word) => `${word} ${counts.get(word)} 个`).join("，");
}

function show(a, b) {
  const heads = ["内容", head("a", a), head("b", b), "比较"];
  const matched = pairs(a, b);
  const judged = matched.map(([one, other]) => verdict(one, other));
  const rows = matched.map(([one, other], at) => {
    const { level2, name } = one ?? other;
    const label = [element("span", { className: "kind" }, level2), name];
    return line(label, one && (one.value || "没有指标值"), other && (other.value || "没有指标值"), judged[at]);
  });
  const both = element("tr", {}, element("th", { scope: "row" }, "目标"), cell("甲", goals(a)), cell("乙", goals(b)));
  result.replaceChildren(
    element("h2", {}, "资金"),
    table("项目和资金", heads, money(a, b)),
    element("h2", {}, "绩效指标"),
    element("p", {}, `只按名称配对：${counted(judged) || "两个项目都没有指标"}。`),
    table("绩效指标", ["指标", ...heads.slice(1)], rows),
    element("h2", {}, "年度总体目标"),
    table("年度总体目标", heads.slice(0, 3), [both]),
  );
  status.textContent = "";
  document.title = `${a.name} / ${b.name} - ${title}`;
}

// Choosing

const state = () => {
  const asked = new URLSearchParams(location.search);
  return Object.fromEntries(SIDES.map((side) => [side, identity(asked.get(side) ?? "")]));
};

function address(chosen) {
  const asked = SIDES.filter((side) => chosen[side]).map((side) => `${side}=${encodeURI(chosen[side]).replace(/[&+#]/gu, encodeURIComponent)}`);
  return asked.length ? `?${asked.join("&")}` : "./";
}

function choose(side, project) {
  history.pushState(null, "", address({ ...state(), [side]: project }));
  return ask();
}

function offered(side, { address: where, title: name, year, department }) {
  const project = identity(where);
  const link = element("a", { href: address({ ...state(), [side]: project }) }, name);
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    choose(side, project);
  });
  return element("li", {}, link, ` ${year} 年度 · ${department}`);
}

async function find(side, question) {
  const [, , , list] = sections[side].children;
  const pasted = identity(question);
  if (pasted) return choose(side, pasted);
  list.replaceChildren(element("li", {}, "正在查找……"));
  try {
    index ??= open(`${root}search/data/`);
    const segments = await index;
    const { hits } = await search(segments, question, new Map());
    const projects = hits.filter(({ segment }) => segments[segment].year !== null).slice(0, FOUND);
    const found = await Promise.all(projects.map((hit) => text(segments, hit)));
    list.replaceChildren(...found.map((project) => offered(side, project)));
    if (!found.length) list.replaceChildren(element("li", {}, "没有找到。可以换短一些的词。"));
    return list.querySelector("a")?.focus();
  } catch (error) {
    index = undefined;
    list.replaceChildren(element("li", {}, "检索数据没有取到。请稍后再试。"));
    throw error;
  }
}

function showChosen(side, project, loaded) {
  const [, said, form, list] = sections[side].children;
  const words = loaded ? `${loaded.name}（${loaded.year} 年度，${loaded.department}）` : project;
  said.replaceChildren(project ? element("a", { href: page(project) }, words) : "还没有选。");
  form.elements.q.value = "";
  list.replaceChildren();
}

async function ask() {
  const asking = ++turn;
  const chosen = state();
  place.dataset.state = "busy";
  const coming = SIDES.map((side) => (chosen[side] ? facts(chosen[side]) : Promise.resolve()));
  const settled = await Promise.allSettled(coming);
  if (asking !== turn) return;
  for (const [at, side] of SIDES.entries()) showChosen(side, chosen[side], settled[at].value);
  const lost = SIDES.filter((_, at) => settled[at].status === "rejected");
  const missing = SIDES.filter((side) => !chosen[side]);
  choice.hidden = false;
  if (!lost.length && !missing.length) {
    show(settled[0].value, settled[1].value);
  } else {
    result.replaceChildren();
    document.title = title;
    const unknown = lost.map((side) => `项目${NAMES[side]}“${chosen[side]}”没有找到，请核对网址或重新选。`);
    status.textContent = unknown.join("") || `请选定项目${missing.map((side) => NAMES[side]).join("和项目")}。`;
  }
  place.dataset.state = "done";
}

for (const side of SIDES) {
  const form = sections[side].querySelector("form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (form.elements.q.value.trim()) find(side, form.elements.q.value);
  });
}
addEventListener("popstate", ask);
ask();
