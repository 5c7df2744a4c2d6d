// Everything works without this file. It looks whether a page has changed while somebody looks at it, and keeps
// what was typed in one form of a page when another is pressed.
"use strict";
const EVERY = 10000;
let tag = null;
// What a form was answered with is not loaded again by itself: that would send the form once more.
let typed = document.body.hasAttribute("data-sent");
addEventListener("input", () => { typed = true; });

function read(page) {
  const main = page.querySelector("main").cloneNode(true);
  for (const said of main.querySelectorAll(".word")) said.remove();
  return main.textContent.replace(/\s+/g, " ").trim();
}

// What is carried out right now may be done before the first look: that one is compared with what is shown.
let shown = document.body.dataset.live === "now" ? read(document) : null;

async function look() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { "X-Look": "1", ...(tag ? { "If-None-Match": tag } : {}) }, cache: "no-store" });
  if (answer.status !== 200) return;
  const found = answer.headers.get("ETag");
  const fresh = shown === null ? null : read(new DOMParser().parseFromString(await answer.text(), "text/html"));
  const passed = fresh !== shown;
  shown = null;
  if (passed || (tag !== null && found !== tag)) {
    if (typed) tell(); else location.reload();
  }
  tag = found;
}

function tell() {
  if (document.querySelector(".changed")) return;
  const line = document.createElement("p");
  line.className = "changed";
  line.setAttribute("role", "status");
  line.textContent = "Er is intussen iets veranderd. Wat u typte blijft staan; vernieuw de pagina om het te zien.";
  document.body.prepend(line);
}

if (document.body.hasAttribute("data-live")) {
  look();
  setInterval(() => look().catch(() => {}), EVERY);
}

// What was typed in the other forms of a page goes along with the one that is pressed, to be shown here again.
const again = document.getElementById("ernaast");
const forms = () => [...document.querySelectorAll('main form[method="post"]')];
const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "submit", "button", "password"].includes(one.type));
const ticks = (field) => field.type === "checkbox" || field.type === "radio";
const holds = (field) => ticks(field) ? field.checked : field.value !== "";

function name(form) {
  const about = ["formulier", "doen", "contact"].map((one) => form.querySelector(`input[type="hidden"][name="${one}"]`)?.value);
  return [form.getAttribute("action"), ...about].join(" ");
}

function differs(field) {
  if (ticks(field)) return field.checked !== field.defaultChecked;
  if (!field.options) return field.value !== (field.defaultValue ?? "");
  const options = [...field.options];
  return field.selectedIndex !== Math.max(0, options.findIndex((one) => one.defaultSelected));
}

function label(field) {
  const said = (ticks(field) && field.closest("fieldset")?.querySelector("legend")) || field.labels[0];
  return said ? said.firstChild.textContent.trim() : "";
}

function tell_field(field) {
  const said = ticks(field) ? field.labels[0].textContent : field.options ? field.selectedOptions[0].textContent : [...field.files ?? []].map((one) => one.name).join(", ") || field.value;
  return { name: field.name, value: field.value, file: field.type === "file", label: label(field), said: said.trim() };
}

function collect(pressed) {
  // A form with a mistake has what was typed as if it had been there from the beginning.
  const filled = forms().filter((one) => one !== pressed && (one.querySelector(".wrong") || fields(one).some(differs)));
  return filled.map((one) => ({ form: name(one), fields: fields(one).filter(holds).map(tell_field) }));
}

addEventListener("formdata", (event) => {
  const beside = event.target.method === "post" ? collect(event.target) : [];
  if (!beside.length && !(again && forms().includes(event.target))) return;
  const here = new URL(location.href);
  if (!here.searchParams.has("concept")) {
    const random = crypto.getRandomValues(new Uint8Array(16));
    here.searchParams.set("concept", [...random].map((one) => one.toString(16).padStart(2, "0")).join(""));
    history.replaceState(null, "", here);
  }
  event.formData.set("ernaast", JSON.stringify(beside));
  event.formData.set("concept", here.searchParams.get("concept"));
});

function add(to, kind, text, className) {
  const made = document.createElement(kind);
  made.textContent = text;
  if (className) made.className = className;
  to.append(made);
  return made;
}

function put_back(form, given) {
  for (const field of fields(form)) {
    const there = given.filter((one) => one.name === field.name && (!ticks(field) || one.value === field.value));
    if (ticks(field)) field.checked = there.length > 0;
    else if (there.length && there[0].gone) field.before(add(form, "p", "Wat u hier typte, bewaren wij niet: vul het opnieuw in.", "wrong"));
    else if (field.type !== "file") field.value = there.length ? there[0].value : "";
    else if (there.length) field.before(add(form, "p", `U koos hier ‘${there[0].said}’. Dat is nog niet verstuurd: kies het opnieuw.`, "wrong"));
    if (!there.length) continue;
    for (const one of there) given.splice(given.indexOf(one), 1);
    for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }
}

function show_again(typed_beside) {
  const open = forms(), main = document.querySelector("main"), said = document.createElement("div");
  const left = [];
  for (const { form, fields: given } of typed_beside) {
    const place = open.findIndex((one) => name(one) === form);
    const before = given.length;
    if (place >= 0) put_back(open.splice(place, 1)[0], given);
    if (given.length < before) typed = true;
    left.push(...given);
  }
  said.className = "warn";
  said.setAttribute("role", "status");
  if (typed) add(said, "p", "Wat u in een ander formulier op deze pagina invulde, is nog niet verstuurd. Het staat er nog.");
  if (left.length) {
    add(said, "p", "Dit vulde u in, is niet verstuurd en kan hier niet meer:");
    const list = add(said, "dl", "", "facts");
    for (const one of left) { add(list, "dt", one.label); add(list, "dd", one.said, "said"); }
  }
  if (!said.childElementCount) return;
  const word = main.querySelector(".word, .problem");
  if (word) word.after(said); else main.prepend(said);
}

if (again) {
  try { show_again(JSON.parse(again.value)); } catch (error) { /* it was not written by this script */ }
}

// A mistake in a form is read out first, or what was done; unless the address leads to a place on the page.
const first = document.querySelector(".problem") || (location.hash ? null : document.querySelector(".word"));
if (first) first.focus();

// What is to be copied has a button that does.
for (const text of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = "Kopieer";
  button.setAttribute("aria-label", `Kopieer ${text.dataset.name}`);
  button.addEventListener("click", () => navigator.clipboard.writeText(text.dataset.copy).then(() => { button.textContent = "Gekopieerd"; }));
  text.after(button);
}

// A document is read whole: its frame is as high as what is in it, at any width.
for (const frame of document.querySelectorAll("iframe.document")) {
  const fit = () => {
    const page = frame.contentDocument;
    if (!page || !page.body || !page.body.childElementCount) return;
    frame.style.height = `${Math.ceil(page.body.getBoundingClientRect().height) + frame.offsetHeight - frame.clientHeight}px`;
  };
  frame.addEventListener("load", fit);
  new ResizeObserver(fit).observe(frame);
  fit();
}
