(() => {
"use strict";
const root = document.documentElement;
const byId = id => document.getElementById(id);

// The theme follows the system until somebody chooses. Storage may be forbidden.
const stored = () => { try { return localStorage.getItem("gatherlint-theme"); } catch { return null; } };
const store = name => { try { localStorage.setItem("gatherlint-theme", name); } catch { /* for this page only, then */ } };
const system = matchMedia("(prefers-color-scheme: dark)");
const dark = () => root.dataset.theme ? root.dataset.theme === "dark" : system.matches;
const themeButton = byId("theme");
const showTheme = () => { byId("themename").textContent = dark() ? "Use light" : "Use dark"; };
const chosen = stored();
if (chosen === "dark" || chosen === "light") root.dataset.theme = chosen;
themeButton.hidden = false;
themeButton.addEventListener("click", () => {
  root.dataset.theme = dark() ? "light" : "dark";
  store(root.dataset.theme);
  showTheme();
});
system.addEventListener("change", showTheme);
showTheme();

const cards = [...document.querySelectorAll(".finding")];
if (cards.length === 0) return;
const packages = [...document.querySelectorAll(".package")].map(el => ({ el, cards: [...el.querySelectorAll(".finding")] }));
const families = [...document.querySelectorAll("section.family")].map(el => ({ el, packages: packages.filter(p => el.contains(p.el)) }));
const search = byId("search"), select = byId("package"), shown = byId("shown"), nothing = byId("nothing"), choices = byId("choices");
const checkBoxes = [...document.querySelectorAll("input.check")];
const familyBoxes = [...document.querySelectorAll("input.family")];
const familyOf = box => box.closest("fieldset").dataset.family;

// On a wide screen the choices stand open beside the findings.
byId("filter").hidden = false;
const wide = matchMedia("(min-width: 900px)");
const fold = () => { choices.open = wide.matches; };
wide.addEventListener("change", fold);
fold();

// The texts to search in are put together when they are first needed.
let texts = null;
const textOf = card => {
  const parts = [card.dataset.package, card.querySelector("summary").textContent];
  for (const el of card.querySelectorAll("[data-text]")) parts.push(el.textContent);
  return parts.join("\n").toLowerCase();
};
const visible = cards.map(() => true);
const setHidden = (el, hide) => { if (el.hidden !== hide) el.hidden = hide; };

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length > 0 && texts === null) texts = cards.map(textOf);
  const on = new Set(checkBoxes.filter(b => b.checked).map(b => b.dataset.family + " " + b.value));
  let count = 0;
  cards.forEach((card, i) => {
    const d = card.dataset;
    visible[i] = on.has(d.family + " " + d.check) && (select.value === "" || d.package === select.value) && words.every(w => texts[i].includes(w));
    if (visible[i]) count++;
    setHidden(card, !visible[i]);
  });
  for (const p of packages) setHidden(p.el, p.cards.every(c => c.hidden));
  for (const f of families) setHidden(f.el, f.packages.every(p => p.el.hidden));
  const number = n => n.toLocaleString("en");
  const total = number(cards.length) + (cards.length === 1 ? " finding" : " findings");
  shown.textContent = count === cards.length ? total : number(count) + " of " + total;
  nothing.hidden = count > 0;
  for (const box of familyBoxes) {
    const own = checkBoxes.filter(b => b.dataset.family === familyOf(box));
    const checked = own.filter(b => b.checked).length;
    box.checked = checked > 0;
    box.indeterminate = checked > 0 && checked < own.length;
  }
}

// Several changes before the next frame are one.
let asked = false;
function ask() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => { asked = false; filter(); });
}
search.addEventListener("input", ask);
select.addEventListener("change", ask);
byId("filter").addEventListener("change", e => {
  const box = e.target;
  if (box.classList.contains("family"))
    for (const b of checkBoxes) if (b.dataset.family === familyOf(box)) b.checked = box.checked;
  ask();
});
function reset() {
  search.value = "";
  select.value = "";
  for (const b of checkBoxes) b.checked = true;
  filter();
}
byId("reset").addEventListener("click", reset);
byId("reset2").addEventListener("click", () => { reset(); search.focus(); });
// A browser may have kept what was typed before the page was loaded again.
filter();

// Keys: j and k, or the arrows on a finding, go through what is shown.
let current = -1;
const summaryOf = i => cards[i].firstElementChild;
function go(by) {
  const focused = document.activeElement.closest(".finding");
  if (focused) current = cards.indexOf(focused);
  for (let i = current + by; i >= 0 && i < cards.length; i += by) {
    if (!visible[i]) continue;
    current = i;
    summaryOf(i).focus({ preventScroll: true });
    summaryOf(i).scrollIntoView({ block: "nearest" });
    return;
  }
}
document.addEventListener("keydown", e => {
  if (e.ctrlKey || e.metaKey || e.altKey) return;
  const at = e.target, typing = at.matches("input[type=search], select");
  if (e.key === "Escape" && at === search) {
    if (search.value !== "") { search.value = ""; filter(); }
    search.blur();
    current = Math.max(current - 1, -1); // back to where one was
    go(1);
    e.preventDefault();
  } else if (e.key === "/" && !typing) {
    search.focus();
    search.select();
    search.scrollIntoView({ block: "nearest" });
    e.preventDefault();
  } else if (!typing && (e.key === "j" || e.key === "ArrowDown" && at.matches(".finding > summary"))) {
    go(1);
    e.preventDefault();
  } else if (!typing && (e.key === "k" || e.key === "ArrowUp" && at.matches(".finding > summary"))) {
    go(-1);
    e.preventDefault();
  }
});

// A finding has an address, which opens it.
function open() {
  const at = byId(location.hash.slice(1));
  const card = at && at.closest(".finding");
  if (!card) return;
  if (card.hidden) reset();
  card.open = true;
  at.scrollIntoView({ block: at === card ? "start" : "nearest" });
  if (at !== card) at.focus({ preventScroll: true });
}
addEventListener("hashchange", open);
open();
byId("findings").addEventListener("click", e => {
  const summary = e.target.closest(".finding > summary");
  if (summary && !summary.parentElement.open)
    try { history.replaceState(null, "", "#" + summary.parentElement.id); } catch { /* the address stays as it is */ }
});

// A step is shown in the drawing, the list and the source at once.
let lit = [];
function light(e) {
  const at = e.target.closest("[data-step]");
  for (const el of lit) el.classList.remove("lit");
  lit = at ? [...at.closest(".finding").querySelectorAll('[data-step="' + at.dataset.step + '"]')] : [];
  for (const el of lit) el.classList.add("lit");
}
byId("findings").addEventListener("mouseover", light);
byId("findings").addEventListener("focusin", light);

// On paper, everything that is shown is open.
let opened = [];
addEventListener("beforeprint", () => {
  opened = cards.filter((card, i) => visible[i] && !card.open);
  for (const card of opened) card.open = true;
});
addEventListener("afterprint", () => {
  for (const card of opened) card.open = false;
  opened = [];
});
})();
