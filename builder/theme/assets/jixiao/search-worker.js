// Questions of the search page, answered as they are to be shown; in a thread of its own where there is one.
//
// A question is { turn, state, shown }: the address's query, and how many results are wanted at first; or
// { turn, more } for as many results more of the same. Answers carry its turn: first what is known of the whole,
// then { results, rest }, the latter whether there are more; or { failed } with the reason.

const PAGE = 10; // results at first
const TEXTS = 2; // matching goals or paragraphs of one result
const BEFORE = 24; // characters kept before the first match of a long text
const AFTER = 60; // and after the last

const DATA = new URL("../../search/data/", import.meta.url).href;

// The manifest is asked for beside the program that reads it.
let first = fetch(`${DATA}manifest`, { cache: "no-cache" });
first.catch(() => {}); // to be told of when it is awaited
let FACETS, fold, handled, open, search, text, words;
const program = import("./search.js").then((all) => ({ FACETS, fold, handled, open, search, text, words } = all));

let opened; // the index, or a promise of it

function index() {
  opened ??= handled(open(DATA, first));
  first = undefined;
  return opened;
}

// What answers a question; each answer is handed to say()
export function answering(say) {
  let answer; // to the latest question
  let latest = 0; // its turn; earlier ones are given up

  // The next results, together: each by itself would have the page laid out anew
  async function results(count) {
    const { turn, asked, whole, hits } = answer;
    const wanted = hits.slice(answer.sent, answer.sent + count);
    const found = await Promise.all(wanted.map(async (hit) => result(await text(whole, hit), asked)));
    if (turn !== latest) return;
    answer.sent += found.length;
    say({ turn, results: found, rest: answer.sent < hits.length });
  }

  async function ask({ turn, state, shown = PAGE }) {
    const parameters = new URLSearchParams(state);
    const question = parameters.get("q") ?? "";
    const chosen = new Map(FACETS.map((facet) => [facet, new Set(parameters.getAll(facet))]));
    const whole = await index();
    const { hits, facets } = await search(whole, question, chosen);
    if (turn !== latest) return;
    const asked = words(question);
    answer = { turn, asked, whole, hits, sent: 0 };
    const pages = hits.filter((hit) => whole[hit.segment].year === null).length;
    const counted = FACETS.map((facet) => [facet, values(facet, facets.get(facet), chosen.get(facet), whole)]);
    say({ turn, asked, pages, projects: hits.length - pages, facets: counted });
    await results(shown);
  }

  // A manifest from a cache may name folders that are gone.
  function askAnew(question) {
    opened = undefined;
    return ask(question);
  }

  return async (question) => {
    latest = question.turn;
    try {
      await program;
      if (question.more) await results(question.more);
      else await ask(question).catch(() => askAnew(question));
    } catch (error) {
      opened = undefined; // another time it may be there
      say({ turn: question.turn, failed: String(error) });
    }
  };
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

function excerpt(source, asked) {
  const found = runs(source, asked);
  const first = found[0];
  const last = found[found.length - 1];
  if (!first[1] && first[0].length > BEFORE) first[0] = `…${Array.from(first[0]).slice(-BEFORE).join("")}`;
  if (!last[1] && last[0].length > AFTER) last[0] = `${Array.from(last[0]).slice(0, AFTER).join("")}…`;
  return found;
}

function facts({ year, department, unit, amount }, asked) {
  if (year === null) return [["页面", false]];
  const names = unit.startsWith(department) ? [unit] : [department, unit];
  const shown = names.filter(Boolean).flatMap((name) => [[" · ", false], ...runs(name, asked)]);
  return [[`${year} 年度`, false], ...shown, [amount ? ` · ${amount}` : "", false]];
}

// What is shown of one result: its address, and runs; of its texts and indicators those that match
function result(found, asked) {
  const has = (source) => asked.some((word) => fold(source).includes(word));
  return {
    address: found.address,
    title: runs(found.title, asked),
    facts: facts(found, asked),
    texts: found.texts
      .filter(has)
      .slice(0, TEXTS)
      .map((source) => excerpt(source, asked)),
    rows: found.indicators
      .filter(({ name, value }) => has(name) || has(value))
      .map(({ level2, name, value }) => ({ level2, name: runs(name, asked), value: runs(value, asked) })),
  };
}

// The values of a facet with their counts, in the order of their own or else the most frequent first
function values(facet, counts, chosen, whole) {
  for (const value of chosen) if (!counts.has(value)) counts.set(value, 0);
  const own = {
    年度: () => [...counts.keys()].sort((a, b) => b - a),
    二级指标: () => [...new Set(whole.flatMap(({ level2 }) => level2))],
    资金: () => [...(whole[0]?.labels ?? [])].reverse(),
    部门: () => [...counts.keys()].sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1)),
  };
  const ordered = own[facet]().filter((value) => counts.has(value));
  return ordered.map((value) => [value, counts.get(value), chosen.has(value)]);
}

if (!globalThis.document) {
  const put = answering((answer) => postMessage(answer));
  onmessage = ({ data }) => put(data);
  put(JSON.parse(name)); // the first question is the thread's name: no message is there as early
}
