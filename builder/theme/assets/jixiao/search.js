// Reads the index that builder/search writes, and answers as builder/search/query.py does.
// Nothing but what a question needs is fetched, from the folder given to open().

const VERSION = 3;
const ZONES = 3; // name, 三级指标, elsewhere; a record's rank for a word is 1, 2, 3, or 0 without it
const ROOM = 2 ** 32; // a place is (record * ZONES + zone) * ROOM + position
const BASE = 2; // strings up to this length have a list in any case
const LONGEST = 8; // no string of this length is common
const STEM = 3; // common strings that begin alike share a shard
const RUNS = 15; // the sign of ranks in runs
const RANKS = 1; // the kind of list that holds ranks; the other holds places
const TEXTS = 2; // as many texts can be read for the bytes of one list

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

async function body(response) {
  if (!response.ok) throw new Error(`${response.status} ${response.url}`);
  return new Uint8Array(await response.arrayBuffer());
}

// A promise that is awaited after others, whose failure may end all before that
export function handled(promise) {
  promise.catch(() => {});
  return promise;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const parsed = (bytes) => JSON.parse(decoder.decode(bytes));

// Deflate (RFC 1951), undone at once: a DecompressionStream takes milliseconds for each of many small files.

const LENGTHS = steps(3, [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5]);
LENGTHS.push([258, 0]);
const DISTANCES = steps(1, Array.from({ length: 30 }, (_, code) => Math.max(0, (code >> 1) - 1)));
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
// The lengths of the fixed codes: of 288 literals and lengths, and of 30 distances
const PLAIN = Uint8Array.from({ length: 318 }, (_, code) => {
  return code < 144 ? 8 : code < 256 ? 9 : code < 280 ? 7 : code < 288 ? 8 : 5;
});

// What each code stands for: the least number, and how many bits to add to it
function steps(least, extra) {
  return extra.map((bits) => [(least += 2 ** bits) - 2 ** bits, bits]);
}

const SHORT = 9; // bits of the codes that are looked up at once

// A canonical Huffman code: how many codes have each length, their symbols in order, and what the next SHORT bits
// begin with: a symbol * 16 + its length, or 0 where the code is longer. Made once, and set for each block: to make
// them anew takes longer than to use them.
class Huffman {
  counts = new Uint16Array(16);
  places = new Uint16Array(16);
  codes = new Uint16Array(16);
  symbols = new Uint16Array(288);
  short = new Uint16Array(1 << SHORT);

  set(lengths, start, end) {
    const { counts, places, codes, symbols, short } = this;
    counts.fill(0);
    short.fill(0);
    for (let symbol = start; symbol < end; symbol++) counts[lengths[symbol]]++;
    counts[0] = places[1] = codes[1] = 0;
    for (let length = 1; length < 15; length++) {
      places[length + 1] = places[length] + counts[length];
      codes[length + 1] = (codes[length] + counts[length]) << 1;
    }
    for (let symbol = 0; symbol < end - start; symbol++) {
      const length = lengths[start + symbol];
      if (!length) continue;
      symbols[places[length]++] = symbol;
      const code = codes[length]++;
      if (length > SHORT) continue;
      let reversed = 0;
      for (let bit = 0; bit < length; bit++) reversed = (reversed << 1) | ((code >> bit) & 1);
      for (let place = reversed; place < short.length; place += 1 << length) short[place] = symbol * 16 + length;
    }
    return this;
  }
}

const OF_LENGTHS = new Huffman();
const OF_LITERALS = new Huffman();
const OF_DISTANCES = new Huffman();
const read = new Uint8Array(320); // the lengths of the codes of a block

export function inflate(data, known = new Uint8Array()) {
  let out = new Uint8Array(known.length + data.length * 4 + 1024);
  let end = known.length;
  let at = 0; // in bits
  out.set(known);
  const ahead = () => {
    const byte = at >> 3; // past the end there is nothing, which counts as zeros
    return (data[byte] | (data[byte + 1] << 8) | (data[byte + 2] << 16)) >> (at & 7);
  };
  const bits = (size) => {
    const value = ahead() & ((1 << size) - 1);
    at += size;
    return value;
  };
  const symbol = ({ counts, symbols, short }) => {
    let left = ahead();
    const found = short[left & ((1 << SHORT) - 1)];
    if (found) {
      at += found & 15;
      return found >> 4;
    }
    let code = 0;
    let first = 0;
    let before = 0;
    for (let length = 1; length < 16; length++, left >>= 1) {
      code |= left & 1;
      const count = counts[length];
      if (code < first + count) {
        at += length;
        return symbols[before + code - first];
      }
      before += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw new Error("damaged data");
  };
  const room = (size) => {
    if (end + size <= out.length) return;
    const larger = new Uint8Array((end + size) * 2);
    larger.set(out);
    out = larger;
  };
  const tables = () => {
    const literals = bits(5) + 257;
    const all = bits(5) + 1 + literals;
    read.fill(0);
    for (let count = bits(4) + 4, place = 0; place < count; place++) read[LENGTH_ORDER[place]] = bits(3);
    OF_LENGTHS.set(read, 0, 19);
    for (let place = 0; place < all; ) {
      const length = symbol(OF_LENGTHS);
      if (length < 16) {
        read[place++] = length;
        continue;
      }
      const times = length === 16 ? bits(2) + 3 : length === 17 ? bits(3) + 3 : bits(7) + 11;
      read.fill(length === 16 ? read[place - 1] : 0, place, place + times);
      place += times;
    }
    OF_LITERALS.set(read, 0, literals);
    OF_DISTANCES.set(read, literals, all);
  };
  for (let last = 0; !last; ) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 0) {
      const start = ((at + 7) >> 3) + 4;
      const size = data[start - 4] | (data[start - 3] << 8);
      room(size);
      out.set(data.subarray(start, start + size), end);
      end += size;
      at = (start + size) * 8;
      continue;
    }
    if (kind === 2) tables();
    else {
      OF_LITERALS.set(PLAIN, 0, 288);
      OF_DISTANCES.set(PLAIN, 288, 318);
    }
    for (let code = symbol(OF_LITERALS); code !== 256; code = symbol(OF_LITERALS)) {
      room(258);
      if (code < 256) {
        out[end++] = code;
        continue;
      }
      const [length, more] = LENGTHS[code - 257];
      const until = end + length + bits(more);
      const [distance, further] = DISTANCES[symbol(OF_DISTANCES)];
      for (let from = end - distance - bits(further); end < until; ) out[end++] = out[from++];
    }
  }
  return out.subarray(known.length, end);
}

// Rice codes, one after the other; ones fill the last byte
class Codes {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
    this.low = this.take(4);
  }

  bit() {
    const bit = (this.bytes[this.at >> 3] >> (7 - (this.at & 7))) & 1;
    this.at++;
    return bit;
  }

  take(size) {
    let value = 0;
    for (let bit = 0; bit < size; bit++) value = value * 2 + this.bit();
    return value;
  }

  // Whether a zero is left
  more() {
    const { bytes, at } = this;
    const left = bytes.length * 8 - at;
    return left > 7 || (left > 0 && (bytes[bytes.length - 1] | (-1 << left)) !== -1);
  }

  next(low) {
    let high = 0;
    while (this.bit()) high++;
    return high * 2 ** low + this.take(low);
  }
}

function places(bytes, lows) {
  const found = [];
  const codes = new Codes(bytes);
  let slot = 0;
  let position = 0;
  while (codes.more()) {
    const gap = codes.next(codes.low);
    slot += gap;
    position = codes.next(lows[slot % ZONES]) + (gap ? 0 : position);
    found.push(slot * ROOM + position);
  }
  return found;
}

function unpackRanks(bytes, ranks) {
  const codes = new Codes(bytes);
  if (codes.low === RUNS) {
    const low = codes.take(4);
    for (let start = 0, end; codes.more(); start = end) {
      end = start + codes.next(low) + 1;
      ranks.fill(codes.take(2), start, end);
    }
    return ranks;
  }
  for (let record = 0; codes.more(); record++) {
    record += codes.next(codes.low);
    ranks[record] = codes.bit() ? (codes.bit() ? 1 : 3) : 2;
  }
  return ranks;
}

function entries(shard) {
  const found = new Map();
  for (let at = 0; at < shard.length; ) {
    const head = shard[at++];
    let size = head >> 5;
    for (let weight = 1; head < 32; weight *= 128) {
      size += (shard[at] & 127) * weight;
      if (shard[at++] < 128) break;
    }
    let text = "";
    for (let units = ((head >> 1) & 15) + 1; units > 0; units--, at += 2) {
      text += String.fromCharCode(shard[at] * 256 + shard[at + 1]);
    }
    found.set(text, { kind: head & 1, data: shard.subarray(at, at + size) });
    at += size;
  }
  return found;
}

export function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
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
  found.splice(1, 0, ...found.splice(-1)); // the ends of a word have least in common
  return found;
}

// One year of the index, or the hand-written pages, whose year is null

class Segment {
  constructor(base, { bands, departments, folded }, described, rest) {
    Object.assign(this, described, { base: `${base}${described.folder}/`, rest, kept: new Map() });
    this.departments = described.departments.map((number) => departments[number]);
    this.folded = described.departments.map((number) => folded[number]);
    this.labels = bands;
    this.known = encoder.encode(this.common);
  }

  // What counting and ordering need: left until lists have been asked for
  unpack() {
    if (this.facets) return;
    const { order, departments, patterns } = this.rest();
    this.order = order; // of every record, how many of all records come before it by amount
    // For each facet: what gives the code of a record, and the values behind each code.
    this.facets = [
      [() => 0, [[String(this.year)]]],
      [departments, this.departments.map((name) => [name])],
      [patterns, this.patterns.map((set) => set.map((number) => this.level2[number]))],
      [(record) => this.band(record), this.labels.map((label) => [label])],
    ];
  }

  band(record) {
    let end = 0;
    return this.bands.findIndex((count) => record < (end += count));
  }

  file(name, read) {
    if (!this.kept.has(name)) {
      const promise = fetch(this.base + name).then(body).then(read);
      promise.catch(() => this.kept.delete(name));
      this.kept.set(name, promise);
    }
    return this.kept.get(name);
  }

  async text(record) {
    const chunk = Math.floor(record / this.chunk);
    const texts = await this.file(`text-${chunk}`, (bytes) => parsed(inflate(bytes, this.known)));
    return texts[record % this.chunk];
  }

  // The rank of every record for all of the words, longest first: that of its worst-placed word
  async ranks(asked) {
    const parts = asked.map((word) => pieces(Array.from(word), this.common).length);
    let whole;
    for (const [number, word] of asked.entries()) {
      const left = whole && Array.from(whole.keys()).filter((record) => whole[record]);
      const lists = parts.slice(number).reduce((sum, count) => sum + count, 0);
      const ranks = await this.ranksOf(word, left?.length <= lists * TEXTS ? left : null);
      whole = whole ? whole.map((rank, record) => rank && ranks[record] && Math.max(rank, ranks[record])) : ranks;
    }
    return whole ?? new Uint8Array(this.records);
  }

  // Of every record, or of those among which alone it is asked
  async ranksOf(word, among) {
    const ranks = await (among ? this.ranksByReading(among, word) : this.ranksInLists(Array.from(word), word));
    const named = this.folded.map((name) => name.includes(word));
    if (named.includes(true)) {
      const [departments] = this.facets[1];
      for (let record = 0; record < this.records; record++) {
        if (!ranks[record] && named[departments(record)]) ranks[record] = ZONES;
      }
    }
    return ranks;
  }

  async ranksInLists(characters, word) {
    const ranks = new Uint8Array(this.records);
    const parts = pieces(characters, this.common);
    const ask = ([start, end]) => handled(this.list(characters.slice(start, end)));
    const lists = parts.slice(0, 2).map(ask);
    let found;
    for (const [number, [start]] of parts.entries()) {
      const { kind, data } = await lists[number];
      if (kind === RANKS) return unpackRanks(data, ranks);
      let here = places(data, this.lows).map((place) => place - start);
      if (found) here = here.filter((place) => found.has(place));
      found = new Set(here);
      const left = parts.length - number - 1;
      if (number !== 1 || !left) continue;
      // To read what is left may cost less than the other lists, of which the first two come together.
      const records = new Set(here.map((place) => Math.floor(place / ROOM / ZONES)));
      if (records.size <= left * TEXTS) return this.ranksByReading(records, word);
      lists.push(...parts.slice(2).map(ask));
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
    const lists = await this.file(`shard-${crc32(encoder.encode(chooser.join(""))) % this.shards}`, entries);
    for (let end = text.length; end >= chooser.length; end--) {
      const found = lists.get(text.slice(0, end).join(""));
      if (found) return found;
    }
    return { data: new Uint8Array() };
  }

  async ranksByReading(records, word) {
    const ranks = new Uint8Array(this.records);
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

// first: the manifest, where it has been asked for already
export async function open(base, first = manifest(base)) {
  const data = await body(await first);
  let at = 0;
  const next = (size) => data.subarray(at, (at += size));
  const head = parsed(inflate(next(new DataView(next(4).buffer).getUint32(0, true))));
  if (head.version !== VERSION) throw new Error(`version ${head.version}`);
  head.folded = head.departments.map(fold);
  const rest = columns(head.segments, next);
  return head.segments.map((part, number) => new Segment(base, head, part, () => rest()[number]));
}

const manifest = (base) => fetch(`${base}manifest`, { cache: "no-cache" });

// The order of every segment's records and what gives the codes of each; the order is worked out when it is needed
function columns(segments, next) {
  const all = segments.reduce((sum, { records }) => sum + records, 0);
  const whose = column(segments.length, all, next);
  const found = segments.map(({ departments, patterns, records }) => ({
    departments: column(departments.length, records, next),
    patterns: column(patterns.length, records, next),
  }));
  return () => {
    if (found[0]?.order) return found;
    const filled = new Uint32Array(segments.length);
    for (const [number, { records }] of segments.entries()) found[number].order = new Uint32Array(records);
    for (let before = 0; before < all; before++) {
      const number = whose(before);
      found[number].order[filled[number]++] = before;
    }
    return found;
  };
}

// What gives the code of a record, for one of so many values: all codes are of as many bits as these need
function column(values, records, next) {
  const width = values > 1 ? 32 - Math.clz32(values - 1) : 0;
  const bytes = next(Math.ceil((width * records) / 8));
  const mask = 2 ** width - 1;
  return (record) => {
    const at = record * width;
    const byte = at >> 3; // past the end there is nothing, which counts as zeros
    const ahead = (bytes[byte] << 16) | (bytes[byte + 1] << 8) | bytes[byte + 2];
    return (ahead >> (24 - (at & 7) - width)) & mask;
  };
}

// Every record with all the words and, in each facet where values are chosen (a Map of Sets), one of these:
// hits in order, and for each facet how many hits each value has or would have if it were chosen too
export async function search(index, question, chosen) {
  const asked = words(question).sort((a, b) => b.length - a.length);
  const wanted = FACETS.map((facet) => chosen.get(facet) ?? new Set());
  const counts = FACETS.map(() => new Map());
  const asking = handled(Promise.all(index.map((segment) => segment.ranks(asked))));
  for (const segment of index) segment.unpack();
  const ranks = await asking;
  const byRank = [0, 1, 2, 3].map(() => []);
  for (const [number, segment] of index.entries()) {
    let found = [];
    for (let record = 0; record < segment.records; record++) {
      if (!asked.length || ranks[number][record]) found.push(record);
    }
    if (segment.year !== null) found = fitting(segment, found, wanted, counts);
    else if (!asked.length || wanted.some((values) => values.size)) found = []; // pages have no facets
    for (const record of found) {
      const rank = ranks[number][record];
      byRank[rank].push({ segment: number, record, rank, before: segment.order[record] });
    }
  }
  const hits = byRank.flatMap((some) => some.sort((a, b) => a.before - b.before));
  return { hits, facets: new Map(FACETS.map((facet, number) => [facet, counts[number]])) };
}

// Those of a segment's records that fit every facet; counts for each facet those that fit all the others
function fitting(segment, records, wanted, counts) {
  const fits = segment.facets.map(([, values], facet) =>
    values.map((own) => !wanted[facet].size || own.some((value) => wanted[facet].has(value))),
  );
  const tallies = segment.facets.map(([, values]) => new Uint32Array(values.length));
  const found = records.filter((record) => {
    const codes = segment.facets.map(([code]) => code(record));
    let missed = 0;
    let last = 0;
    for (let facet = 0; facet < codes.length; facet++) {
      if (fits[facet][codes[facet]]) continue;
      missed++;
      last = facet;
    }
    for (let facet = 0; facet < codes.length; facet++) {
      if (!missed || (missed === 1 && facet === last)) tallies[facet][codes[facet]]++;
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
    department: segment.departments[segment.facets[1][0](record)],
    unit,
    amount,
    texts,
    indicators: rows.map(([number, name, value]) => ({ level2: segment.level2[number], name, value })),
  };
}
