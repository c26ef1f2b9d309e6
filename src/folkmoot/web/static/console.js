// What the console adds where scripts run: times in the reader's own clock, and word of the live connection.
// Every page works without it.
"use strict";

(() => {
  const MOST = 200; // rows that an open page keeps
  const language = document.documentElement.lang;
  // The reader's own way of writing times, where the browser speaks the language of the page.
  const tongue = (navigator.languages || []).find((one) => one.split("-")[0] === language.split("-")[0]) || language;
  const hour = { hour: "numeric", minute: "2-digit" };
  const day = { day: "numeric", month: "short" };
  const clocks = {
    today: new Intl.DateTimeFormat(tongue, hour),
    year: new Intl.DateTimeFormat(tongue, { ...day, ...hour }),
    past: new Intl.DateTimeFormat(tongue, { year: "numeric", ...day, ...hour }),
    full: new Intl.DateTimeFormat(tongue, { dateStyle: "full", timeStyle: "long" }),
  };

  function inWords(then, form) {
    if (form === "full") return clocks.full.format(then);
    const now = new Date();
    if (then.toDateString() === now.toDateString()) return clocks.today.format(then);
    return (then.getFullYear() === now.getFullYear() ? clocks.year : clocks.past).format(then);
  }

  function localTimes(root) {
    for (const time of root.querySelectorAll("time[data-moment]")) {
      const then = new Date(time.dateTime);
      if (Number.isNaN(then.getTime())) continue;
      time.title = time.textContent;
      time.textContent = inWords(then, time.dataset.moment);
      time.removeAttribute("data-moment");
    }
  }

  function say(word, count) {
    const live = document.getElementById("live");
    if (live) live.textContent = live.dataset[word].replace("{count}", count);
    document.documentElement.dataset.connection = word;
  }

  // Counted since the page was last looked at, so that a screen reader hears one short line, not every row.
  let unseen = 0;
  let known = 0;

  function counted() {
    const list = document.getElementById("verdicts");
    const rows = list.querySelectorAll("li.verdict");
    const newest = rows.length ? Number(rows[0].id.replace("verdict-", "")) : 0;
    if (newest > known) {
      for (const row of rows) {
        if (Number(row.id.replace("verdict-", "")) <= known) break;
        row.classList.add("is-new");
        unseen += 1;
      }
      known = newest;
      say("new", unseen);
    }
    while (list.children.length > MOST) list.lastElementChild.remove();
  }

  document.addEventListener("htmx:sse:after:connection", () => {
    unseen = 0;
    say("live", 0);
  });
  document.addEventListener("htmx:sse:after:message", () => {
    localTimes(document);
    counted();
  });
  document.addEventListener("htmx:sse:error", (event) => {
    const refused = [401, 403].includes(event.detail.status);
    if (refused) event.detail.connection.refused = true;
    say(refused ? "ended" : "lost", 0);
  });
  document.addEventListener("htmx:sse:before:connection", (event) => {
    // Signed out, or no administrator any more: trying again is of no use.
    if (event.detail.connection.refused) event.detail.connection.cancelled = true;
  });
  document.addEventListener("htmx:response:error", () => say("ended", 0));

  document.addEventListener("DOMContentLoaded", () => {
    localTimes(document);
    const newest = document.querySelector("#verdicts li.verdict");
    if (newest) known = Number(newest.id.replace("verdict-", ""));
  });
})();
