// Reads the index that builder/search writes, and answers as builder/search/query.py does.
// Nothing but what a question needs is fetched, from the folder given to open().

const VERSION = 1;
const ZONES = 3; // name, 三级指标, elsewhere; a record's rank for a word is 1, 2, 3, or 0 without it
const ROOM = 2 ** 32; // a place is (record * ZONES + zone) * ROOM + position
const BASE = 2; // strings up to this length have a list in any case
const LONGEST = 8; // no string of this length is common
const STEM = 3; // common strings that begin alike share a shard
const RANKS = 1; // the kind of list that holds ranks; the other holds places

export const FACETS = ["年度", "部门", "二级指标", "资金"];

// Text: what builder/search/text.py does

const SPACES = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/gu;
// The listed ones fold to a letter and its marks, which the property takes for no change.
const UNFOLDED =
  /[\p{Changes_When_Casefolded}\u01f0\u0390\u03b0\u1e96-\u1e99\u1f50\u1f52\u1f54\u1f56\u1fb6\u1fc6\u1fd2\u1fd3\u1fd6\u1fd7\u1fe2-\u1fe4\u1fe6\u1fe7\u1ff6]/gu;
const FOLDS_TO_CAPITAL = /\p{Script=Cherokee}/u;

function foldCase(character) {
  const capital = character.toLowerCase().toUpperCase();
  return FOLDS_TO_CAPITAL.test(character) ? capital : capital.toLowerCase();
}

export function fold(text) {
  return text.normalize("NFKC").replace(UNFOLDED, foldCase).replace(SPACES, "");
}

export function words(question) {
  return [...new Set(question.split(SPACES).map(fold))].filter(Boolean);
}

// Bytes: what builder/search/coding.py does

async function fetched(url, options) {
  const response = await fetch(url, options);
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return inflated(await response.arrayBuffer());
}

// Chunk by chunk: piping streams into one another takes several times as long.
async function inflated(data) {
  const { readable, writable } = new DecompressionStream("deflate");
  const writer = writable.getWriter();
  const written = Promise.all([writer.write(data), writer.close()]);
  const reader = readable.getReader();
  const chunks = [];
  for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
  await written;
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

const decoder = new TextDecoder();
const parsed = (bytes) => JSON.parse(decoder.decode(bytes));

function* numbers(bytes) {
  let number = 0;
  let weight = 1;
  for (const byte of bytes) {
    number += (byte & 127) * weight;
    weight *= 128;
    if (byte < 128) {
      yield number;
      number = 0;
      weight = 1;
    }
  }
}

function* places(bytes) {
  let slot = 0;
  const run = numbers(bytes);
  for (const gap of run) {
    slot += gap;
    yield slot * ROOM + run.next().value;
  }
}

function unpackRanks(bytes, ranks) {
  for (let record = 0; record < ranks.length; record++) {
    ranks[record] = (bytes[record >> 2] >> ((record & 3) * 2)) & 3;
  }
  return ranks;
}

function* entries(shard) {
  let at = 0;
  const number = () => {
    let end = at;
    while (shard[end] > 127) end++;
    const [value] = numbers(shard.subarray(at, end + 1));
    at = end + 1;
    return value;
  };
  while (at < shard.length) {
    const size = number();
    const text = decoder.decode(shard.subarray(at, at + size));
    at += size;
    const head = number();
    const length = Math.floor(head / 2);
    yield [text, { kind: head % 2, data: shard.subarray(at, at + length) }];
    at += length;
  }
}

function crc32(text) {
  let crc = -1;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 && 0xedb88320);
  }
  return ~crc >>> 0;
}

// Grams: what builder/search/grams.py does; a word is an array of its characters

const isCommon = (text, common) => text.length < LONGEST && common.includes(text.join(""));

function pieces(word, common) {
  if (word.length <= BASE || isCommon(word.slice(0, -1), common) || isCommon(word.slice(1), common)) {
    return [[0, word.length]];
  }
  const found = [];
  for (let covered = 0; covered < word.length; ) {
    let start = Math.min(covered, word.length - BASE);
    let end = start + BASE;
    while (end < word.length && isCommon(word.slice(start, end), common)) end++;
    while (isCommon(word.slice(start, end), common)) start--;
    found.push([start, end]);
    covered = end;
  }
  return found;
}

// One year of the index, or the hand-written pages, whose year is null

class Segment {
  constructor(base, manifest, [folder, year, records, shards, departments]) {
    Object.assign(this, { base: `${base}${folder}/`, year, records, shards });
    this.departments = departments.map((number) => manifest.departments[number]);
    this.bands = manifest.bands;
    this.kept = new Map();
  }

  file(name, read) {
    if (!this.kept.has(name)) {
      const promise = fetched(this.base + name).then(read);
      promise.catch(() => this.kept.delete(name));
      this.kept.set(name, promise);
    }
    return this.kept.get(name);
  }

  async open() {
    const { common, department, level2, pattern, patterns, bands } = await this.file("columns", parsed);
    const band = bands.flatMap((count, number) => Array(count).fill(number));
    this.common = common;
    this.level2 = level2;
    // For each facet: the code of every record, and the values behind each code.
    this.facets = [
      [new Uint8Array(this.records), [[String(this.year)]]],
      [department, this.departments.map((name) => [name])],
      [pattern, patterns.map((set) => set.map((number) => level2[number]))],
      [band, this.bands.map((label) => [label])],
    ];
    return this;
  }

  // 年度资金总额 of every record, 万元
  async amounts() {
    const { decimals, steps } = await this.file("amounts", parsed);
    let whole = 0;
    return steps.map((step, number) => (whole = number ? whole - step : step) / 10 ** decimals);
  }

  text(record) {
    return this.file(`text-${record}`, parsed);
  }

  // The rank of every record for all of the words: that of its worst-placed word
  async ranks([word, ...others]) {
    if (word === undefined) return new Uint8Array(this.records);
    const whole = await this.ranksOf(word);
    for (const other of others) {
      if (!whole.some(Boolean)) break;
      const ranks = await this.ranksOf(other);
      for (let record = 0; record < this.records; record++) {
        whole[record] = whole[record] && ranks[record] && Math.max(whole[record], ranks[record]);
      }
    }
    return whole;
  }

  async ranksOf(word) {
    const ranks = await this.ranksInLists(Array.from(word), word);
    const named = this.departments.map((name) => fold(name).includes(word));
    if (named.includes(true)) {
      const [departments] = this.facets[1];
      for (let record = 0; record < this.records; record++) {
        if (named[departments[record]] && !ranks[record]) ranks[record] = ZONES;
      }
    }
    return ranks;
  }

  async ranksInLists(characters, word) {
    const ranks = new Uint8Array(this.records);
    const parts = pieces(characters, this.common);
    let found;
    for (const [number, [start, end]] of parts.entries()) {
      const { kind, data } = await this.list(characters.slice(start, end));
      if (kind === RANKS) return unpackRanks(data, ranks);
      const here = Array.from(places(data), (place) => place - start);
      found = new Set(found ? here.filter((place) => found.has(place)) : here);
      const records = new Set(Array.from(found, (place) => Math.floor(place / ROOM / ZONES)));
      // To read the few records that are left costs less than the lists that are left.
      if (records.size < parts.length - number) return this.ranksByReading(ranks, records, word);
    }
    for (const place of found) {
      const slot = Math.floor(place / ROOM);
      const rank = (slot % ZONES) + 1;
      const record = Math.floor(slot / ZONES);
      ranks[record] = Math.min(ranks[record] || rank, rank);
    }
    return ranks;
  }

  // The list of a string that has one: of a common string whose own is not kept, that of its beginning
  async list(text) {
    const chooser = isCommon(text, this.common) ? text.slice(0, STEM) : text;
    const shard = crc32(chooser.join("")) % this.shards;
    const lists = await this.file(`shard-${shard}`, (bytes) => new Map(entries(bytes)));
    for (let end = text.length; end >= chooser.length; end--) {
      const found = lists.get(text.slice(0, end).join(""));
      if (found) return found;
    }
    return { data: new Uint8Array() };
  }

  async ranksByReading(ranks, records, word) {
    await Promise.all(
      Array.from(records, async (record) => {
        const [, title, unit, , texts, rows] = await this.text(record);
        const zones = [[title], rows.map((row) => row[1]), [unit, ...texts, ...rows.map((row) => row[2])]];
        ranks[record] = zones.findIndex((fields) => fields.some((field) => fold(field).includes(word))) + 1;
      }),
    );
    return ranks;
  }
}

export async function open(base) {
  const manifest = parsed(await fetched(`${base}manifest`, { cache: "no-cache" }));
  if (manifest.version !== VERSION) throw new Error(`version ${manifest.version}`);
  return Promise.all(manifest.segments.map((part) => new Segment(base, manifest, part).open()));
}

// Every record with all the words and, in each facet where values are chosen (a Map of Sets), one of these:
// hits in order, and for each facet how many hits each value has or would have if it were chosen too
export async function search(index, question, chosen) {
  const asked = words(question);
  const wanted = FACETS.map((facet) => chosen.get(facet) ?? new Set());
  const counts = FACETS.map(() => new Map());
  const ranks = await Promise.all(index.map((segment) => segment.ranks(asked)));
  const found = index.map((segment, number) => {
    const records = [];
    for (let record = 0; record < segment.records; record++) {
      if (!asked.length || ranks[number][record]) records.push(record);
    }
    if (segment.year !== null) return fitting(segment, records, wanted, counts);
    return asked.length && wanted.every((values) => !values.size) ? records : []; // pages have no facets
  });
  const years = index.map(({ year }, number) => year !== null && found[number].length > 0);
  const several = years.filter(Boolean).length > 1; // within a year, records stand by amount as they are
  const amounts = await Promise.all(index.map((segment, number) => several && years[number] && segment.amounts()));
  const hits = [];
  for (const [segment, records] of found.entries()) {
    const last = index[segment].year === null ? -Infinity : 0;
    for (const record of records) {
      hits.push({ segment, record, rank: ranks[segment][record], amount: amounts[segment][record] ?? last });
    }
  }
  hits.sort((a, b) => a.rank - b.rank || b.amount - a.amount || a.segment - b.segment || a.record - b.record);
  return { hits, facets: new Map(FACETS.map((facet, number) => [facet, counts[number]])) };
}

// Those of a segment's records that fit every facet; counts for each facet those that fit all the others
function fitting(segment, records, wanted, counts) {
  const fits = segment.facets.map(([, values], facet) =>
    values.map((own) => !wanted[facet].size || own.some((value) => wanted[facet].has(value))),
  );
  const tallies = segment.facets.map(([, values]) => new Uint32Array(values.length));
  const codes = segment.facets.map(([own]) => own);
  const found = records.filter((record) => {
    let missed = 0;
    let last = 0;
    for (let facet = 0; facet < codes.length; facet++) {
      if (fits[facet][codes[facet][record]]) continue;
      missed++;
      last = facet;
    }
    for (let facet = 0; facet < codes.length; facet++) {
      if (!missed || (missed === 1 && facet === last)) tallies[facet][codes[facet][record]]++;
    }
    return !missed;
  });
  for (const [facet, [, values]] of segment.facets.entries()) {
    for (const [code, own] of values.entries()) {
      for (const value of tallies[facet][code] ? own : []) {
        counts[facet].set(value, (counts[facet].get(value) ?? 0) + tallies[facet][code]);
      }
    }
  }
  return found;
}

// What a result shows; address from the site's root
export async function text(index, { segment: number, record }) {
  const segment = index[number];
  const [address, title, unit, amount, texts, rows] = await segment.text(record);
  return {
    address: address.split("/").map(encodeURIComponent).join("/"),
    title,
    year: segment.year,
    department: segment.departments[segment.facets[1][0][record]],
    unit,
    amount,
    texts,
    indicators: rows.map(([number, name, value]) => ({ level2: segment.level2[number], name, value })),
  };
}
