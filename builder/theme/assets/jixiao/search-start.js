// Starts what answers the search, in a thread of its own, before the page is there to show the answer: a page being
// laid out would keep it waiting. The question in the page's address is the first; search-page.js hears the answer.
"use strict";

// program: what answers; first: the first question; worker: the thread that was asked it, if there is one; heard: what
// it has said; lost: resolves when there is none
var jixiaoSearch = (() => {
  const program = document.currentScript.src.replace("search-start.js", "search-worker.js");
  const first = { turn: 1, state: location.search, shown: history.state?.shown };
  const heard = [];
  let worker;
  const lost = new Promise((resolve) => {
    try {
      worker = new Worker(program, { type: "module", name: JSON.stringify(first) });
      worker.onerror = (event) => {
        event.preventDefault(); // what was lost is done without it
        resolve();
      };
      worker.onmessage = ({ data }) => heard.push(data);
    } catch {
      resolve(); // threads, or modules in them, are not to be had
    }
  });
  return { program, first, worker, heard, lost };
})();
