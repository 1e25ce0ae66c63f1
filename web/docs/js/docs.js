/** Search, copy buttons, and Escape for the menu. Pages read well without any of it. */

const find = document.querySelector(".find");
const dialog = document.querySelector(".search");
const input = dialog.querySelector("input");
const told = dialog.querySelector(".told");
const hits = dialog.querySelector(".hits");
/** The home of the documentation: results are relative to it. */
const home = new URL(find.dataset.home || ".", location.href);
let worker;
let asked = 0;

function open() {
  if (!worker) {
    worker = new Worker(new URL("search.js", import.meta.url));
    worker.onmessage = ({ data }) => data.id === asked && show(data);
    worker.onerror = () => {
      told.textContent = "The search could not be loaded. Reload the page to try again.";
    };
    worker.postMessage({ index: new URL(find.dataset.search, location.href).href });
  }
  dialog.showModal();
  input.select();
}

function show({ words, found }) {
  hits.replaceChildren(...found.map((hit) => row(hit, words)));
  hits.scrollTop = 0;
  const counted = found.length === 1 ? "1 result" : `${found.length} results`;
  told.textContent = words.length === 0 ? "" : found.length ? counted : "Nothing found. Try another word, or fewer words.";
}

function row({ location: place, title, page, text }, words) {
  const link = document.createElement("a");
  link.href = new URL(place, home).href;
  link.append(element("b", title, words), element("small", title === page ? "" : page, []), element("span", text, words));
  const item = document.createElement("li");
  item.append(link);
  return item;
}

/** An element with the words that were searched for marked. */
function element(tag, text, words) {
  const made = document.createElement(tag);
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  const parts = escaped.length ? text.split(new RegExp(`(${escaped.join("|")})`, "i")) : [text];
  made.append(
    ...parts.map((part, at) => {
      if (at % 2 === 0) return part;
      const mark = document.createElement("mark");
      mark.textContent = part;
      return mark;
    }),
  );
  return made;
}

function step(by) {
  const links = [...hits.querySelectorAll("a")];
  const next = links.indexOf(document.activeElement) + by;
  (next < 0 ? input : links[Math.min(next, links.length - 1)])?.focus();
}

const menu = document.querySelector(".menu");
const here = menu.querySelector("[aria-current]");
if (here) menu.scrollTop = here.offsetTop - menu.clientHeight / 2;

find.hidden = false;
find.addEventListener("click", open);
input.addEventListener("input", () => {
  asked += 1;
  worker.postMessage({ id: asked, query: input.value });
});
dialog.addEventListener("click", (event) => {
  // On the ground behind it, or on a hit of this very page.
  if (event.target === dialog || event.target.closest("a")) dialog.close();
});
dialog.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp") step(document.activeElement === input ? 0 : -1);
  else if (event.key === "Enter" && event.target === input) hits.querySelector("a")?.click();
  else return;
  event.preventDefault();
});
document.addEventListener("keydown", (event) => {
  const writing = event.target instanceof HTMLInputElement;
  const wanted = (event.key === "/" && !writing) || (event.key === "k" && (event.ctrlKey || event.metaKey));
  if (wanted && !dialog.open) {
    event.preventDefault();
    open();
  } else if (event.key === "Escape" && location.hash === "#menu") location.hash = "content";
});

if (navigator.clipboard) {
  for (const code of document.querySelectorAll(".code")) {
    const button = document.createElement("button");
    button.className = "copy";
    button.type = "button";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(code.querySelector("pre").textContent);
      button.textContent = "Copied";
      button.classList.add("done");
      setTimeout(() => {
        button.textContent = "Copy";
        button.classList.remove("done");
      }, 2000);
    });
    code.append(button);
  }
}
