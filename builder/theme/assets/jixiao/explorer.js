// Reads the table that builder/explorer.py writes; filters, counts and sorts it. A row is known by its number:
// the newest year's rows come first, as the manifest lists them, whether their file has been loaded or not.

import { fold, words } from "./search.js";

const VERSION = 1;
const RANGE = 1 << 7; // marks a value outside the numbers asked for

export const FACETS = ["年度", "一级指标", "二级指标", "类型", "符号", "单位", "部门"];
export const COLUMNS = ["类别", "三级指标", "指标值", "符号", "数值", "单位", "项目", "部门", "年度"];

const FACET_OF = new Int8Array(256).fill(-1); // of a set of bits with only one in it: which
for (const facet of FACETS.keys()) FACET_OF[1 << facet] = facet;

const decoder = new TextDecoder();

async function inflated(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return new Response(response.body.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
}

// Numbers from steps back from the next new one; 0 is that one itself.
function unstepped(steps) {
  let fresh = 0;
  return Uint32Array.from(steps, (step) => (step ? fresh - step : fresh++));
}

const aligned = (bytes) => Math.ceil(bytes / 4) * 4;

// One year. Its dictionaries are those of slots, values, projects, and itself; `entries` says for each of them
// which entry a row has.
class Year {
  constructor(base, [file, year, rows], first) {
    Object.assign(this, { url: base + file, year, rows, first, ready: false });
  }

  load(manifest) {
    this.loading ??= inflated(this.url).then(
      (buffer) => this.unpack(buffer, manifest),
      (error) => {
        this.loading = undefined;
        throw error;
      },
    );
    return this.loading;
  }

  unpack(buffer, manifest) {
    const size = new DataView(buffer).getUint32(0, true);
    const head = JSON.parse(decoder.decode(new Uint8Array(buffer, 4, size)));
    let at = 4 + size;
    const [nameOf, valueOf] = head.widths.map((width) => {
      const column = new (width === 4 ? Uint32Array : Uint16Array)(buffer, at, this.rows);
      at += aligned(this.rows * width);
      return unstepped(column);
    });
    const slotOf = new Uint8Array(buffer, at, this.rows);
    const [texts = [], kinds = [], operators = [], numbers = [], uppers = [], units = [], bases = [], scales = []] =
      head.values;
    const floats = (column) => Float64Array.from(column, (text) => (text ? Number(text) : NaN));
    const [codes, stems, titles, departments, counts] = head.projects;
    const projectOf = new Uint32Array(this.rows);
    let row = 0;
    for (const [project, count] of counts.entries()) projectOf.fill(project, row, (row += count));
    Object.assign(this, {
      names: head.names,
      nameOf,
      slots: manifest.slots,
      values: { texts, numbers, uppers, floats: floats(numbers), bases: floats(bases), scales },
      scales: head.scales,
      projects: { codes, stems, titles },
      units: head.units,
      entries: { slot: slotOf, value: valueOf, project: projectOf, year: new Uint8Array(this.rows) },
      sizes: { slot: manifest.slots.length, value: texts.length, project: codes.length, year: 1 },
      folded: new Map(),
    });
    const slot = (level) => {
      const labels = [...new Set(manifest.slots.map((names) => names[level]))];
      return ["slot", manifest.slots.map((names) => labels.indexOf(names[level])), labels];
    };
    // For each facet: the dictionary it speaks of, the code of every entry there, and the label of each code.
    this.facets = [
      ["year", [0], [String(this.year)]],
      slot(0),
      slot(1),
      ["value", kinds, manifest.kinds],
      ["value", operators, manifest.operators],
      ["value", units, head.units],
      ["project", departments, head.departments],
    ];
    this.ready = true;
  }

  // Which of some texts have a word; they are folded all at once, for that is quickest.
  has(list, word) {
    if (!this.folded.has(list)) this.folded.set(list, fold(list.join("\0")).split("\0"));
    return Uint8Array.from(this.folded.get(list), (text) => text.includes(word));
  }

  // Which rows have every word, each in one of: 三级指标, 指标值, project, department
  withWords(asked) {
    const fits = new Uint8Array(this.rows).fill(1);
    const { value, project } = this.entries;
    const [, departments, labels] = this.facets[FACETS.indexOf("部门")];
    for (const word of asked) {
      const named = this.has(this.names, word);
      const valued = this.has(this.values.texts, word);
      const titled = this.has(this.projects.titles, word);
      const housed = this.has(labels, word);
      for (const [number, department] of departments.entries()) titled[number] |= housed[department];
      for (let row = 0; row < this.rows; row++) {
        fits[row] &= named[this.nameOf[row]] | valued[value[row]] | titled[project[row]];
      }
    }
    return fits;
  }

  // The rows that fit a question; adds to `counts`, for each facet, those that fit but for this facet.
  fitting({ asked, chosen, from, to }, counts) {
    const missed = Object.fromEntries(Object.entries(this.sizes).map(([name, size]) => [name, new Uint8Array(size)]));
    for (const [facet, [name, codes, labels]] of this.facets.entries()) {
      if (!chosen[facet].size) continue;
      const fits = labels.map((label) => chosen[facet].has(label));
      for (const [entry, code] of codes.entries()) if (!fits[code]) missed[name][entry] |= 1 << facet;
    }
    if (!Number.isNaN(from) || !Number.isNaN(to)) {
      for (const [entry, number] of this.values.floats.entries()) {
        const inside = (Number.isNaN(from) || number >= from) && (Number.isNaN(to) || number <= to);
        if (!inside || Number.isNaN(number)) missed.value[entry] |= RANGE;
      }
    }
    const texts = asked.length ? this.withWords(asked) : null;
    const { slot, value, project } = this.entries;
    const hits = { slot: null, value: null, project: null, year: null };
    for (const name of Object.keys(hits)) hits[name] = new Uint32Array(this.sizes[name]);
    const tallies = this.facets.map(([name]) => new Uint32Array(this.sizes[name]));
    const columns = this.facets.map(([name]) => this.entries[name]);
    const found = new Uint32Array(this.rows);
    let end = 0;
    for (let row = 0; row < this.rows; row++) {
      if (texts && !texts[row]) continue;
      const bits = missed.slot[slot[row]] | missed.value[value[row]] | missed.project[project[row]] | missed.year[0];
      if (!bits) {
        found[end++] = this.first + row;
        hits.slot[slot[row]]++;
        hits.value[value[row]]++;
        hits.project[project[row]]++;
      } else if (FACET_OF[bits] >= 0) {
        tallies[FACET_OF[bits]][columns[FACET_OF[bits]][row]]++;
      }
    }
    hits.year[0] = end;
    for (const [facet, [name, codes, labels]] of this.facets.entries()) {
      for (const [entry, code] of codes.entries()) {
        const number = hits[name][entry] + tallies[facet][entry];
        if (number) counts[facet].set(labels[code], (counts[facet].get(labels[code]) ?? 0) + number);
      }
    }
    return found.subarray(0, end);
  }
}

class Table {
  constructor(base, manifest) {
    this.manifest = manifest;
    let first = 0;
    this.years = manifest.years.map((listed) => {
      const year = new Year(base, listed, first);
      first += year.rows;
      return year;
    });
    this.rows = first;
    this.ranked = new Map();
    this.alphabet = new Map(Array.from(manifest.alphabet, (character, place) => [character, place + 1]));
  }

  // Loads the years named (none: all), newest first; `shown` is told when each has come.
  async load(wanted, shown = () => {}) {
    const years = this.years.filter(({ year }) => !wanted.size || wanted.has(String(year)));
    const coming = years.map((year) => year.load(this.manifest));
    for (const promise of coming) promise.catch(() => {}); // each is awaited in its turn
    for (const [number, promise] of coming.entries()) {
      const late = !years[number].ready;
      await promise;
      if (late) shown(number + 1 === coming.length);
    }
  }

  get loaded() {
    return this.years.filter(({ ready }) => ready);
  }

  yearOf(number) {
    return this.years.findLast(({ first }) => first <= number);
  }

  // A text as one that native comparison puts where the national character set puts it
  sortable(text) {
    let key = "";
    for (const character of text) key += String.fromCharCode(this.alphabet.get(character));
    return key;
  }

  // For each list of items, and each item in it, its rank among all of them; those without a key come last.
  // Larger first where `descending`.
  rank(lists, keyed, descending, compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0)) {
    const keys = lists.flatMap(keyed);
    const order = Array.from(keys.keys()).filter((index) => keys[index] !== null);
    order.sort((one, other) => (descending ? compare(keys[other], keys[one]) : compare(keys[one], keys[other])));
    const ranks = new Uint32Array(keys.length);
    let rank = 0;
    for (const [place, index] of order.entries()) {
      if (place && compare(keys[order[place - 1]], keys[index])) rank++;
      ranks[index] = rank;
    }
    for (const [index, key] of keys.entries()) if (key === null) ranks[index] = rank + 1;
    let start = 0;
    return lists.map(({ length }) => ranks.subarray(start, (start += length)));
  }

  rankTexts(lists, descending) {
    return this.rank(lists, (list) => Array.from(list, (text) => (text ? this.sortable(text) : null)), descending);
  }

  // By base unit, and within it by number; only the numbers turn round
  rankNumbers(years, descending) {
    const ranks = this.rankTexts(years.map(({ scales }) => scales), false);
    const lists = years.map(({ values: { bases, scales } }, at) =>
      Array.from(bases, (number, entry) => (Number.isNaN(number) ? null : [ranks[at][scales[entry]], number])),
    );
    const sign = descending ? -1 : 1;
    return this.rank(lists, (list) => list, false, (one, other) => one[0] - other[0] || sign * (one[1] - other[1]));
  }

  // For each loaded year: the column of entries that a sort column speaks of, and the rank of each entry
  ranksOf(column, descending) {
    const years = this.loaded;
    const key = `${column} ${descending} ${years.length}`;
    if (!this.ranked.has(key)) this.ranked.set(key, this.makeRanks(years, column, descending));
    return this.ranked.get(key);
  }

  makeRanks(years, column, descending) {
    const paired = (ranks, entries) => new Map(years.map((year, at) => [year, [entries(year), ranks[at]]]));
    const numbers = (lists) => this.rank(lists, (list) => Array.from(list), descending);
    const byFacet = (facet, rank) => {
      const labels = rank(years.map(({ facets }) => facets[facet][2]));
      const ranks = years.map(({ facets }, at) => Uint32Array.from(facets[facet][1], (code) => labels[at][code]));
      return paired(ranks, ({ entries, facets }) => entries[facets[facet][0]]);
    };
    const byText = (lists, entries) => paired(this.rankTexts(lists, descending), entries);
    const named = (units) => units.map((unit, place) => (place ? unit : "")); // the first stands for none,
    const last = (list) => list.map((_, place) => (place < list.length - 1 ? place : null)); // and so does the last sign
    const byPlace = (lists) => this.rank(lists, last, descending);
    const made = {
      类别: () => paired(numbers(years.map(({ slots }) => slots.map((_, place) => place))), (year) => year.entries.slot),
      三级指标: () => byText(years.map(({ names }) => names), (year) => year.nameOf),
      指标值: () => byText(years.map(({ values }) => values.texts), (year) => year.entries.value),
      符号: () => byFacet(FACETS.indexOf("符号"), byPlace),
      数值: () => paired(this.rankNumbers(years, descending), (year) => year.entries.value),
      单位: () => byFacet(FACETS.indexOf("单位"), (lists) => this.rankTexts(lists.map(named), descending)),
      项目: () => byText(years.map(({ projects }) => projects.titles), (year) => year.entries.project),
      部门: () => byFacet(FACETS.indexOf("部门"), (lists) => this.rankTexts(lists, descending)),
      年度: () => paired(numbers(years.map(({ year }) => [year])), (year) => year.entries.year),
    };
    return made[column]();
  }

  // Rows in the order of a column; those alike stay as they stood.
  sorted(rows, column, descending) {
    const ranks = this.ranksOf(column, descending);
    const keys = new Uint32Array(rows.length);
    let highest = 0;
    let year;
    for (let at = 0; at < rows.length; at++) {
      const number = rows[at];
      if (!year || number >= year.first + year.rows) year = this.yearOf(number);
      const [entries, ranked] = ranks.get(year);
      keys[at] = ranked[entries[number - year.first]];
      if (keys[at] > highest) highest = keys[at];
    }
    const starts = new Uint32Array(highest + 2);
    for (const key of keys) starts[key + 1]++;
    for (let key = 0; key <= highest; key++) starts[key + 1] += starts[key];
    const sorted = new Uint32Array(rows.length);
    for (let at = 0; at < rows.length; at++) sorted[starts[keys[at]]++] = rows[at];
    return sorted;
  }

  // The rows that fit { question, facets (a Map of Sets), from, to }, in the order { column, descending }, and for
  // each facet how many rows each value has or would have if it were chosen too; of the years that are loaded.
  select({ question = "", facets = new Map(), from = NaN, to = NaN, column, descending = false }) {
    const asked = words(question);
    const chosen = FACETS.map((facet) => facets.get(facet) ?? new Set());
    const counts = FACETS.map(() => new Map());
    const parts = this.loaded.map((year) => year.fitting({ asked, chosen, from, to }, counts));
    const rows = new Uint32Array(parts.reduce((sum, part) => sum + part.length, 0));
    let end = 0;
    for (const part of parts) {
      rows.set(part, end);
      end += part.length;
    }
    const ordered = column ? this.sorted(rows, column, descending) : rows;
    return { rows: ordered, facets: new Map(FACETS.map((facet, place) => [facet, counts[place]])) };
  }

  // What a row shows; address from the site's root
  row(number) {
    const year = this.yearOf(number);
    const at = number - year.first;
    const value = year.entries.value[at];
    const project = year.entries.project[at];
    const { codes, stems, titles } = year.projects;
    const label = (facet) => {
      const [name, entries, labels] = year.facets[FACETS.indexOf(facet)];
      return labels[entries[year.entries[name][at]]];
    };
    return {
      year: year.year,
      level1: label("一级指标"),
      level2: label("二级指标"),
      name: year.names[year.nameOf[at]],
      value: year.values.texts[value],
      kind: label("类型"),
      operator: label("符号"),
      number: year.values.numbers[value],
      upper: year.values.uppers[value],
      unit: label("单位"),
      project: titles[project],
      department: label("部门"),
      address: [year.year, codes[project], stems[project], ""].map(encodeURIComponent).join("/"),
    };
  }
}

// The table in a folder; nothing of it is loaded yet but the list of years.
export async function open(base) {
  const manifest = JSON.parse(decoder.decode(await inflated(`${base}manifest`, { cache: "no-cache" })));
  if (manifest.version !== VERSION) throw new Error(`version ${manifest.version}`);
  return new Table(base, manifest);
}
