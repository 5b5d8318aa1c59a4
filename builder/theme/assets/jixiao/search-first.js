// Answers to questions as the search page shows them. The question in the page's address is asked at once,
// before the page is there to show the answer.

import { FACETS, handled, open, search, text, words } from "./search.js";

export const PAGE = 10; // results shown at a time

let opened; // the index, once it has been asked for

// { index, asked, chosen, hits, facets, texts }: the texts of the first results, or of as many as were shown when
// the page was left, are under way
export async function answered(state) {
  const question = state.get("q") ?? "";
  const chosen = new Map(FACETS.map((facet) => [facet, new Set(state.getAll(facet))]));
  const shown = history.state?.shown ?? PAGE;
  opened ??= open("data/");
  const index = await opened;
  const answer = { index, asked: words(question), chosen, texts: [], ...(await search(index, question, chosen)) };
  read(answer, shown);
  return answer;
}

// Asks for the texts of the next results
export function read(answer, count) {
  const { index, hits, texts } = answer;
  for (const hit of hits.slice(texts.length, texts.length + count)) texts.push(handled(text(index, hit)));
}

// The index is asked for anew the next time
export function forget() {
  opened = undefined;
}

export const first = handled(answered(new URLSearchParams(location.search)));
