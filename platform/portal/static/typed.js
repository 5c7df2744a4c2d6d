// What was typed in the forms of a page stays in this tab when the page is left: until it is sent, for a day, or until a
// page is shown to somebody else or to nobody. It comes back only over what it was typed over.
const PREFIX = "getypt ", PLACE = PREFIX + location.pathname, DAY = 86400000;
const who = document.querySelector('input[name="wie"]')?.value ?? null;
// Which opened form the page is of: two of them never share what was typed.
const key = document.querySelector('main input[name="concept"]')?.value ?? "";
// A form that was sent is not done where the page is of one; a page of ours that failed may not know who looks at it.
const undone = document.body.hasAttribute("data-sent"), away = document.body.hasAttribute("data-away");
// Whether the page is what a form led to: who goes back, loads a page again or follows a link is not led.
const [came] = performance.getEntriesByType("navigation");
const led = came?.type !== "back_forward" && came?.redirectCount !== 0 && !followed();
const answer = document.body.dataset.sent === "answer";
// What is looked for and what tells who somebody is are kept nowhere; a form that only asks for a list has nothing to send.
const UNKEPT = '[data-unkept], [type="email"], [type="tel"], [inputmode="email"]';
const forms = () => [...document.querySelectorAll('main form[method="post"]:not([data-unkept])')].filter((one) => fields(one).length);
const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "submit", "button", "password"].includes(one.type));
const ticks = (field) => field.type === "checkbox" || field.type === "radio";
const holds = (field) => ticks(field) ? field.checked : field.value !== "";

// Whether a link led here, which may redirect too; a form that is sent after it forgets it.
function followed() {
  try {
    const found = sessionStorage.getItem("gevolgd");
    sessionStorage.removeItem("gevolgd");
    return found !== null;
  } catch (error) { return false; }
}

function name(form) {
  const about = ["formulier", "doen", "contact"].map((one) => form.querySelector(`input[type="hidden"][name="${one}"]`)?.value);
  return [form.getAttribute("action"), ...about].join(" ");
}

// What the page itself has in a field, whatever was typed; of choices of which one is taken, in all of them.
function standing(field) {
  if (field.type === "checkbox") return field.defaultChecked ? field.value : "";
  if (field.type === "radio") return fields(field.form).find((one) => one.name === field.name && one.defaultChecked)?.value ?? "";
  if (field.options) return [...field.options].find((one) => one.defaultSelected)?.value ?? "";
  return field.defaultValue ?? "";
}

function differs(field) {
  if (field.type === "radio") return field.checked && !field.defaultChecked;
  if (field.type === "checkbox") return field.checked !== field.defaultChecked;
  if (!field.options) return field.value !== standing(field);
  return field.selectedIndex !== Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
}

function label(field) {
  const said = (ticks(field) && field.closest("fieldset")?.querySelector("legend")) || field.labels[0];
  return said ? said.firstChild.textContent.trim() : "";
}

function tell_field(field, was, shown) {
  const told = { name: field.name, label: label(field) };
  if (field.matches(UNKEPT)) return { ...told, gone: true };
  const said = ticks(field) ? field.labels[0].textContent : field.options ? field.selectedOptions[0].textContent : [...field.files ?? []].map((one) => one.name).join(", ") || field.value;
  return { ...told, value: field.value, was, shown, said: said.trim(), ...(ticks(field) && { on: field.checked }) };
}

function collect(chosen) {
  // A form with a mistake has what was typed as if it had been there from the beginning: over what is not known. It
  // comes back in an empty field, and over what was shown with that mistake.
  const typed_in = chosen.map((one) => {
    const wrong = one.querySelector(".wrong");
    return { form: name(one), maybe: unsure.has(name(one)), fields: fields(one).filter((field) => differs(field) || (wrong && holds(field))).map((field) => tell_field(field, wrong ? "" : standing(field), standing(field))) };
  });
  return typed_in.filter((one) => one.fields.length);
}

function read(place) {
  try {
    const found = JSON.parse(sessionStorage.getItem(place));
    return Array.isArray(found) ? found : [];
  } catch (error) { return []; }
}

function write(place, found) {
  try {
    if (found.length) sessionStorage.setItem(place, JSON.stringify(found)); else sessionStorage.removeItem(place);
  } catch (error) { /* a browser that keeps nothing */ }
}

// What was sent is done where a page is led to, unless that is of a form that is not.
function sweep() {
  if (away) return;
  try {
    if (sessionStorage.getItem("wie") !== who) sessionStorage.clear();  // somebody else was here
    if (who) sessionStorage.setItem("wie", who);
    for (const place of Object.keys(sessionStorage).filter((one) => one.startsWith(PREFIX))) {
      write(place, read(place).filter((one) => Date.now() - one.at < DAY && (!led || undone || !one.sent)));
    }
  } catch (error) { /* a browser that keeps nothing */ }
}

// What is kept of this opened form; else where either has no key, as it gets one at the first mistake. What was sent
// from it is too, where nothing has answered it.
function take_up() {
  if (!who) return [];
  const kept = read(PLACE), open = kept.filter((one) => !one.sent);
  const sent = (one) => one.sent && one.key === key && forms().some((form) => name(form) === one.forms[0].form);
  return [open.find((one) => one.key === key) ?? open.findLast((one) => !one.key || !key), !led && !answer && kept.findLast(sent)].filter(Boolean);
}

// Keeps what was typed in each form of the page, and apart from it that of the one that is sent. A page that is left
// when somebody else has come keeps nothing.
function keep() {
  try {
    if (!who || sessionStorage.getItem("wie") !== who) return;
  } catch (error) { return; }
  const typed_in = collect(forms().filter((one) => one !== pressed && one !== dropped)), at = Date.now();
  const again = ({ form, one }) => typed_in.some((there) => there.form === form && there.fields.some((own) => own.name === one.name && own.on === one.on));
  const gone = [pressed, dropped].filter(Boolean).map(name);
  const still = undone || !pressed ? unplaced.filter((one) => !again(one) && !gone.includes(one.form)) : [];
  typed_in.push(...still.map(({ form, one }) => ({ form, fields: [one] })));
  const others = read(PLACE).filter((one) => !(dropped && one.sent) && !taken.some((own) => own.at === one.at && own.sent === one.sent));
  const plain = { at, key: key || (taken.find((one) => !one.sent)?.key ?? ""), sent: false, forms: typed_in };
  taken = [plain, { at, key, sent: true, forms: collect(pressed ? [pressed] : []) }].filter((one) => one.forms.length);
  write(PLACE, [...others, ...taken]);
}

function add(to, kind, text, className) {
  const made = document.createElement(kind);
  made.textContent = text;
  if (className) made.className = className;
  to.append(made);
  return made;
}

function unfold(field) {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}

function tell_beside(field, text) {
  field.before(add(field.form, "p", text, "warn"));
  unfold(field);
}

// Returns whether what was typed has its place still; what somebody changed since stays as it is.
function put_back(form, one) {
  const field = form && fields(form).find((there) => there.name === one.name && (!ticks(there) || there.value === one.value));
  if (!field) return false;
  const chosen = field.type === "file" && `U koos hier ‘${one.said}’. Dat is nog niet verstuurd: kies het opnieuw.`;
  if (one.gone || chosen) {
    if (!standing(field) && !field.matches("[aria-invalid]")) {  // else the page itself says so
      tell_beside(field, chosen || "Wat u hier typte, bewaren wij niet: vul het opnieuw in.");
      unplaced.push({ form: name(form), one });
    }
    return true;
  }
  if (standing(field) === (one.on === false ? "" : one.value)) return true;  // it is there already
  if (![one.was, one.shown].includes(standing(field)) || (field.options && ![...field.options].some((there) => there.value === one.value))) return false;
  if (ticks(field)) field.checked = one.on; else field.value = one.value;
  if (!ticks(field) && field.value !== one.value) {  // a field that takes no such text
    field.value = field.defaultValue;
    return false;
  }
  unfold(field);
  field.dispatchEvent(new Event("input", { bubbles: true }));
  there.add(name(form));
  return true;
}

// Fills in again what is kept; of a form that was sent it is not known whether it is done.
function fill_in({ forms: typed_in, sent }) {
  for (const { form, fields: given, maybe } of typed_in) {
    const place = forms().find((one) => name(one) === form);
    if (sent || maybe) unsure.add(form);
    unplaced.push(...given.filter((one) => !put_back(place, one)).map((one) => ({ form, one, absent: true })));
  }
}

function show_again() {
  taken.forEach(fill_in);
  const said = document.createElement("div"), placed = [...there];
  said.className = "warn";
  said.setAttribute("role", "status");
  if (placed.some((one) => !unsure.has(one))) add(said, "p", "Wat u hier eerder invulde, is nog niet verstuurd. Het staat er nog.");
  if (placed.some((one) => unsure.has(one))) {
    add(said, "p", "Wat u hier verstuurde, is misschien niet gedaan. Het staat er nog: kijk eerst of het al gedaan is.");
  }
  // A page that tells what became of a form is not the page that has the others.
  const left = undone ? [] : unplaced.filter(({ absent, one }) => absent && one.said && (one.on ?? true));
  if (left.length) {
    add(said, "p", "Dit vulde u in en is niet verstuurd. Het kan hier niet meer, of er staat intussen iets anders:");
    const list = add(said, "dl", "", "facts");
    for (const { one } of left) { add(list, "dt", one.label); add(list, "dd", one.said, "said"); }
  }
  if (!said.childElementCount) return;
  const main = document.querySelector("main"), word = main.querySelector(".word, .problem");
  if (word) word.after(said); else main.prepend(said);
}

// The answer to a form is asked by its address where one goes back to it: a browser would ask to send the form once more.
function leave_answer() {
  if (answer) history.replaceState(history.state, "", location.href);
}

let pressed = null, dropped = null;
const unplaced = [], there = new Set(), unsure = new Set();
sweep();
let taken = take_up();
show_again();
addEventListener("submit", ({ target }) => {
  pressed = forms().find((one) => one === target) ?? null;
  followed();
  leave_answer();
});
addEventListener("input", ({ target }) => { if (target.form === pressed) pressed = null; });  // it was not sent
addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  leave_answer();
  try { sessionStorage.setItem("gevolgd", ""); } catch (error) { /* a browser that keeps nothing */ }
  if (link.matches("[data-unsaved]")) dropped = link.closest("form");
});
addEventListener("pagehide", keep);
// A page that a browser kept whole shows how it was: it is loaded again, unless nothing has answered what was sent.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  if (read(PLACE).some((one) => one.sent && one.key === key)) pressed = null; else location.reload();
});
