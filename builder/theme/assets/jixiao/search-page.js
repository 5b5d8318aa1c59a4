// The search page: the form, the answer to it, and the address that says both. search-worker.js answers.

const PAGE = 10; // results shown at a time
const ROWS = 5; // matching indicators shown before the rest is folded away
const VALUES = 8; // values of a facet shown before the rest is folded away,
const FEW = 2; // where the rest is more than this
const LATEST = 1000; // ms until the theme's own program is started in any case

const place = document.getElementById("search");
const form = document.getElementById("search-form");
const [status, filter, results, more] = place.children;
const facets = filter.lastElementChild;
const title = document.title;

let turn = 1; // of the latest question; answers to earlier ones are dropped when they come late
let asked = jixiaoSearch.first; // the latest question
let put = (question) => jixiaoSearch.worker?.postMessage(question);

// 12,345; an Intl.NumberFormat takes longer to make than the whole answer
const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, ",");

function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

// Text with words marked
const nodes = (runs) => runs.map(([text, marked]) => (marked ? element("mark", {}, text) : text));

// Results

function row({ level2, name, value }) {
  return element(
    "li",
    {},
    element("span", { className: "search-level2" }, level2),
    " ",
    element("span", {}, ...nodes(name)),
    value[0]?.[0] ? "：" : "",
    element("strong", {}, ...nodes(value)),
  );
}

function rows(indicators) {
  const made = indicators.map(row);
  const rest = made.splice(ROWS);
  const lists = made.length ? [element("ul", { className: "search-rows" }, ...made)] : [];
  if (rest.length) {
    const summary = element("summary", {}, `其余 ${rest.length} 个匹配的指标`);
    lists.push(element("details", {}, summary, element("ul", { className: "search-rows" }, ...rest)));
  }
  return lists;
}

function result(found) {
  const link = element("a", { href: place.dataset.root + found.address }, ...nodes(found.title));
  return element(
    "article",
    { className: "search-result" },
    element("h2", {}, link),
    element("p", { className: "search-facts" }, ...nodes(found.facts)),
    ...found.texts.map((runs) => element("p", { className: "search-text" }, ...nodes(runs))),
    ...rows(found.rows),
  );
}

// Facets

function choice(facet, value, count, checked) {
  const input = element("input", { type: "checkbox", name: facet, value, checked });
  input.setAttribute("form", form.id);
  return element("label", {}, input, ` ${value} `, element("span", { className: "search-count" }, grouped(count)));
}

function fieldset(facet, values) {
  const limit = values.length > VALUES + FEW ? VALUES : values.length;
  const choices = (some) => some.map(([value, count, chosen]) => choice(facet, value, count, chosen));
  const isShown = ([, , chosen], rank) => rank < limit || chosen;
  const rest = values.filter((value, rank) => !isShown(value, rank));
  const made = element("fieldset", {}, element("legend", {}, facet), ...choices(values.filter(isShown)));
  if (rest.length) {
    const open = facets.querySelector(`details[data-facet="${facet}"]`)?.open ?? false;
    const folded = element("details", { open }, element("summary", {}, `其余 ${rest.length} 项`), ...choices(rest));
    folded.dataset.facet = facet;
    made.append(folded);
  }
  return made;
}

function showFacets(counted) {
  const { name, value } = facets.contains(document.activeElement) ? document.activeElement : {};
  const made = counted.map(([facet, values]) => fieldset(facet, values));
  const clear = element("button", { type: "button", className: "search-clear" }, "清除筛选");
  clear.hidden = counted.every(([, values]) => values.every(([, , chosen]) => !chosen));
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

function sentence({ asked: words, projects, pages }) {
  const what = words.map((word) => `“${word}”`).join("和");
  if (!projects && !pages) {
    return words.length ? `没有找到含有${what}的项目。可以换短一些的词，或减少筛选条件。` : "没有符合筛选条件的项目。";
  }
  const counted = [projects && `${grouped(projects)} 个项目`, pages && `${grouped(pages)} 个页面`];
  return `${words.length ? `含有${what}：` : "全部："}${counted.filter(Boolean).join("，")}`;
}

function ask(state) {
  asked = { turn: ++turn, state: String(state), shown: history.state?.shown };
  begin();
  put(asked);
}

// The page as it stands while the answer is under way
function begin() {
  const question = new URLSearchParams(asked.state).get("q") ?? "";
  for (const input of document.querySelectorAll('input[name="q"]')) input.value = question;
  place.dataset.state = "busy";
  document.title = question ? `${question} - ${title}` : title;
}

let focus = null; // which result gets the focus when it is there

function hear(data) {
  if (data.turn !== turn) return;
  if (data.facets) {
    results.replaceChildren();
    more.hidden = true;
    status.textContent = sentence(data);
    showFacets(data.facets);
  } else if (data.results) {
    results.append(...data.results.map(result));
    more.hidden = !data.rest;
    if (focus !== null) results.children[focus]?.querySelector("a").focus();
    focus = null;
    place.dataset.state = "done";
    startTheme();
  } else if (data.failed) {
    place.dataset.state = "failed";
    status.textContent = "检索数据没有取到。请刷新页面再试；如果仍然不行，请稍后再来。";
    console.error(data.failed);
    startTheme();
  }
}

// The theme's own program has waited: while it starts, no answer can be shown.
function startTheme() {
  const late = document.getElementById("theme-script");
  if (late) late.replaceWith(element("script", { src: late.href }));
}

// Where there are no threads, or none that know modules, the same program answers here.
async function answerHere() {
  const { answering } = await import(jixiaoSearch.program);
  put = answering(hear);
  put(asked);
}

// The form has changed: its state becomes the page's address, to which one can come back.
function changed() {
  const state = new URLSearchParams(new FormData(form));
  history.pushState(null, "", `?${state}`);
  ask(state);
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  changed();
});
facets.addEventListener("change", changed);
more.addEventListener("click", () => {
  if (place.dataset.state === "busy") return;
  focus = results.children.length;
  place.dataset.state = "busy";
  put({ turn, more: PAGE });
  history.replaceState({ shown: focus + PAGE }, "");
});
addEventListener("popstate", () => ask(location.search));

setTimeout(startTheme, LATEST);
filter.open = matchMedia("(min-width: 45rem)").matches;
begin();
for (const answer of jixiaoSearch.heard) hear(answer);
if (jixiaoSearch.worker) jixiaoSearch.worker.onmessage = ({ data }) => hear(data);
jixiaoSearch.lost.then(answerHere).catch((error) => hear({ turn, failed: String(error) }));
