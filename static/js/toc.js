// Marks in the contents of a page what is being read; loaded by the pages that have contents.
(() => {
  const anchors = [...document.querySelectorAll("[data-toc] a")];
  const links = new Map(anchors.map((link) => [decodeURIComponent(link.hash.slice(1)), link]));
  const headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
  const mark = () => {
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 4 && scrollY > 0;
    const current = headings.filter((heading) => atEnd || heading.getBoundingClientRect().top < 140).at(-1) ?? headings[0];
    for (const [id, link] of links) {
      if (id === current?.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
  mark();
})();
