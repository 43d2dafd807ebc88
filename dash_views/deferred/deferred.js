/*
 * The Deferred component and the queue of plots. The queue opens with the first answer (or its failure), loads plotly.js,
 * and then mounts one plot in each task, those in the window first, so that the page stays responsive meanwhile.
 */
(function () {
  'use strict';

  const { createElement, useEffect, useRef, useState } = window.React;

  const waiting = new Map(); // element → function that mounts its plot
  let isOpen = false;
  let isLoading = false;
  let isRunning = false;

  function enter(element, mount) {
    waiting.set(element, mount);
    run();
  }

  /* After the next frame has been painted. */
  const afterPaint = (act) => window.requestAnimationFrame(() => window.setTimeout(act, 0));

  function open() {
    if (isOpen) return;
    isOpen = true;
    afterPaint(run);
  }

  function run() {
    if (!isOpen || isRunning || !waiting.size) return;
    if (!window.Plotly) {
      load();
      return;
    }
    isRunning = true;
    const [element, mount] = [...waiting].sort(([a], [b]) => distance(a) - distance(b))[0];
    waiting.delete(element);
    mount();
    afterPaint(() => { isRunning = false; run(); });
  }

  /* How far an element lies outside the window, in pixels. */
  function distance(element) {
    const { top, bottom } = element.getBoundingClientRect();
    return Math.max(0, top - window.innerHeight, -bottom);
  }

  function load() {
    if (isLoading) return;
    isLoading = true;
    const script = document.createElement('script');
    script.src = document.getElementById('plotly').href;
    script.onload = run;
    script.onerror = () => {
      isLoading = false;
      document.dispatchEvent(new CustomEvent('depictio:failure', { detail: 'The plots cannot be drawn: plotly.js did not load.' }));
    };
    document.head.append(script);
  }

  document.addEventListener('depictio:answered', open);

  function Deferred({ children, figure, className }) {
    const place = useRef(null);
    const [isMounted, setMounted] = useState(false);
    useEffect(() => {
      const element = place.current;
      enter(element, () => setMounted(true));
      return () => waiting.delete(element);
    }, []);
    return createElement('div', { ref: place, className, 'data-figure': figure }, isMounted ? children : null);
  }

  window.dash_views = Object.assign(window.dash_views || {}, { Deferred });
})();
