// Live messages and sending without leaving the page. Without this script the page works by plain forms.
"use strict";

const talk = document.querySelector(".talk");
const list = talk && talk.querySelector("ol");
const form = document.querySelector(".write");
const box = form && form.querySelector("textarea");
const alarm = form && form.querySelector(".alarm");

const atEnd = () => talk.scrollHeight - talk.scrollTop - talk.clientHeight < 120;
const toEnd = () => { talk.scrollTop = talk.scrollHeight; };

function warn(text) {
  alarm.textContent = text;
  alarm.hidden = !text;
}

function follow() {
  const source = new EventSource(`${talk.dataset.live}?after=${talk.dataset.after}`);
  source.addEventListener("bubble", (event) => {
    const follows = atEnd();
    if (document.getElementById(`m${event.lastEventId}`)) return;
    talk.querySelector(".empty")?.remove();
    // The server made and escaped this piece of the page from its template.
    list.insertAdjacentHTML("beforeend", event.data);
    const added = list.lastElementChild;
    added.classList.add("fresh");
    if (follows || added.classList.contains("mine")) toEnd();
  });
  source.addEventListener("elsewhere", (event) => {
    document.querySelector(`.tabs a[data-room="${event.data}"]`)?.classList.add("news");
  });
  addEventListener("pagehide", () => source.close());
}

async function send(event) {
  event.preventDefault();
  const text = box.value;
  if (!text.trim()) return;
  const button = form.querySelector("button");
  const body = new URLSearchParams(new FormData(form));
  box.value = "";
  button.disabled = true;
  warn("");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body,
    });
    if (!answer.ok) throw new Error(`The message could not be sent (${answer.status}).`);
  } catch (trouble) {
    box.value ||= text;
    warn(trouble instanceof TypeError ? "The demonstration does not answer. Is it still running?" : trouble.message);
  } finally {
    button.disabled = false;
    box.focus();
  }
}

if (talk) {
  toEnd();
  follow();
}
if (form) {
  form.addEventListener("submit", send);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  document.querySelectorAll("[data-say]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      box.value = link.dataset.say;
      box.focus();
    });
  });
}
