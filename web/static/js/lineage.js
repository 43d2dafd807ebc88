// What a node of the lineage is made of and what is made of it stands out while one points at it or it has the focus.
(() => {
  const reached = (edges, start, from, to) => {
    const found = new Set([start]);
    for (const one of found) {
      for (const edge of edges) {
        if (edge.dataset[from] === one) {
          found.add(edge.dataset[to]);
        }
      }
    }
    return found;
  };

  const light = (drawing, node) => {
    const edges = [...drawing.querySelectorAll(".dp-edge")];
    const flows = edges.filter((edge) => !("link" in edge.dataset));
    const here = node.dataset.node;
    const before = reached(flows, here, "to", "from");
    const after = reached(flows, here, "from", "to");
    const linked = edges.filter((edge) => "link" in edge.dataset && [edge.dataset.from, edge.dataset.to].includes(here));
    const nodes = new Set([...before, ...after, ...linked.flatMap((edge) => [edge.dataset.from, edge.dataset.to])]);
    for (const one of drawing.querySelectorAll(".dp-node")) {
      one.toggleAttribute("data-lit", nodes.has(one.dataset.node));
    }
    for (const edge of edges) {
      const { from, to } = edge.dataset;
      const flows_here = (before.has(from) && before.has(to)) || (after.has(from) && after.has(to));
      edge.toggleAttribute("data-lit", "link" in edge.dataset ? linked.includes(edge) : flows_here);
    }
    drawing.toggleAttribute("data-lit", true);
  };

  const dim = (event) => {
    const node = event.target.closest?.(".dp-node");
    if (node && !node.contains(event.relatedTarget)) {
      node.closest(".dp-lineage").removeAttribute("data-lit");
    }
  };

  for (const name of ["pointerover", "focusin"]) {
    document.addEventListener(name, (event) => {
      const node = event.target.closest?.(".dp-node");
      if (node) {
        light(node.closest(".dp-lineage"), node);
      }
    });
  }
  document.addEventListener("pointerout", dim);
  document.addEventListener("focusout", dim);
})();
