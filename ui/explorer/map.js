// The map: zooming and moving. The server draws it once, in units of its own; here it is stretched to its frame, and of
// the labels those are shown for which labels.js finds a place.
const [WIDE, HIGH] = [1000, 760]; // of the drawing, as ui/explorer/map.py has it
const MAX_ZOOM = 20;
const GAP = 4; // between a node and a label that has found no place, and so is shown only now and then
const STILL = 4; // a pointer that has moved no farther has not dragged
const FINGER = 22; // a touch means the nearest node within that
const KEY_ZOOM = 1.5;
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const maps = new WeakMap(); // frame -> its map

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const distance = (one, other) => Math.hypot(one.x - other.x, one.y - other.y);

class NetworkMap {
  constructor(frame) {
    this.frame = frame;
    this.svg = frame.querySelector("svg");
    this.world = frame.querySelector(".world");
    this.links = frame.querySelector(".links");
    this.lines = [...this.links.children];
    const labels = frame.querySelectorAll(".labels text");
    this.nodes = [...frame.querySelectorAll(".node")].map((group, index) => {
      const { e, f } = group.transform.baseVal[0].matrix;
      const shape = group.querySelector("circle, rect");
      const isBody = shape.matches("circle");
      const r = isBody ? shape.r.baseVal.value : shape.width.baseVal.value / 2;
      return { group, shape, isBody, r, label: labels[index], card: group.dataset.card, u: e / WIDE, v: f / HIGH };
    });
    this.fingers = new Map(); // pointer id -> where it is
    this.whole();
  }

  whole() {
    [this.zoom, this.left, this.top] = [1, 0, 0];
    if (this.wide) this.draw();
  }

  resize({ width, height }) {
    if (!width) return; // in a tab that is not shown
    const [left, top] = this.wide ? [this.left / this.wide, this.top / this.high] : [0, 0];
    [this.wide, this.high, this.left, this.top] = [width, height, left * width, top * height];
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    for (const node of this.nodes) node.wide ||= node.label.getComputedTextLength();
    this.draw();
  }

  // A point of the frame stays where it is: that of the pointer, of the node aimed at, or the middle.
  zoomBy(factor, at = this.aimedAt()) {
    const zoom = clamp(this.zoom * factor, 1, MAX_ZOOM);
    this.left = at.x - ((at.x - this.left) * zoom) / this.zoom;
    this.top = at.y - ((at.y - this.top) * zoom) / this.zoom;
    this.zoom = zoom;
    this.draw();
  }

  aimedAt() {
    return this.aimed
      ? { x: this.aimed.x + this.left, y: this.aimed.y + this.top }
      : { x: this.wide / 2, y: this.high / 2 };
  }

  // All of the map moves as one, so nothing but this has to be drawn anew.
  moveBy(x, y) {
    this.left = clamp(this.left + x, this.wide * (1 - this.zoom), 0);
    this.top = clamp(this.top + y, this.high * (1 - this.zoom), 0);
    this.world.setAttribute("transform", `translate(${this.left.toFixed(1)} ${this.top.toFixed(1)})`);
  }

  // Brings a node, or any point of the map, to the middle, as far as the map goes there.
  centre({ x, y }) {
    this.moveBy(this.wide / 2 - x - this.left, this.high / 2 - y - this.top);
  }

  draw() {
    this.moveBy(0, 0);
    this.frame.classList.toggle("zoomed", this.zoom > 1);
    // Circles grow slower than the room between them, and are small where the frame is.
    const size = Math.sqrt((this.zoom * Math.min(this.wide, this.high)) / HIGH);
    for (const node of this.nodes) {
      [node.x, node.y, node.half] = [node.u * this.wide * this.zoom, node.v * this.high * this.zoom, node.r * size];
      node.group.setAttribute("transform", `translate(${node.x.toFixed(1)} ${node.y.toFixed(1)})`);
      node.shape.setAttribute("transform", `scale(${size.toFixed(3)})`);
    }
    const [across, down] = [(this.wide * this.zoom) / WIDE, (this.high * this.zoom) / HIGH];
    this.links.setAttribute("transform", `scale(${across} ${down})`);
    this.label();
  }

  label() {
    const chosen = this.svg.classList.contains("chosen");
    const seen = this.nodes.filter(({ group }) => !chosen || group.classList.contains("near"));
    const places = alliances.placeLabels(seen, { wide: this.wide * this.zoom, high: this.high * this.zoom });
    for (const node of this.nodes) {
      const place = places.get(node);
      node.label.classList.toggle("crowded", !place);
      node.label.setAttribute("x", (place?.left ?? node.x - node.wide / 2).toFixed(1));
      node.label.setAttribute("y", (place?.base ?? node.y - node.half - GAP).toFixed(1));
    }
  }

  // A label that has found no room is shown, above the others, while its node is pointed at.
  point(node) {
    this.pointed?.label.classList.remove("pointed");
    this.pointed = node;
    if (!node) return;
    node.label.classList.add("pointed");
    node.label.parentNode.append(node.label);
  }

  nearest(point, within = Infinity, among = this.nodes) {
    const near = among.filter((node) => distance(node, point) <= within);
    return near.sort((one, other) => distance(one, point) - distance(other, point))[0];
  }

  // By keyboard: the next node in a direction, or what is nearest to the middle to begin with.
  aim(step) {
    const from = this.aimed;
    const along = (node) => (node.x - from.x) * step[0] + (node.y - from.y) * step[1];
    const there = from && this.nodes.filter((node) => along(node) > distance(node, from) * 0.7);
    const next = from ? this.nearest(from, Infinity, there) : this.nearest(this.at(this.wide / 2, this.high / 2));
    if (!next) return;
    from?.group.classList.remove("aimed");
    next.group.classList.add("aimed");
    this.aimed = next;
    if (this.zoom > 1) this.centre(next);
    this.point(next);
    this.frame.querySelector("[role=status]").textContent = next.group.querySelector("title").textContent;
  }

  neighbours(card) {
    const near = new Set([card]);
    for (const { dataset } of this.lines) {
      if (dataset.from === card) near.add(dataset.to);
      if (dataset.to === card) near.add(dataset.from);
    }
    return near;
  }

  // Brings nodes out, and the links between them; none that is on the map: all are as they were.
  bringOut(cards) {
    this.svg.classList.toggle("chosen", this.nodes.some(({ card }) => cards.has(card)));
    for (const { group, card } of this.nodes) group.classList.toggle("near", cards.has(card));
    for (const line of this.lines) {
      line.classList.toggle("near", cards.has(line.dataset.from) && cards.has(line.dataset.to));
    }
    if (this.wide) this.label();
  }

  // Moves, if need be, so that a node is seen.
  show(card) {
    const node = this.nodes.find((one) => one.card === card);
    if (!node) return;
    const [x, y] = [node.x + this.left, node.y + this.top];
    if (x < 0 || y < 0 || x > this.wide || y > this.high) this.centre(node);
  }

  drag(pointer) {
    const before = this.fingers.get(pointer.pointerId);
    const now = this.pointOf(pointer);
    const other = [...this.fingers].find(([id]) => id !== pointer.pointerId)?.[1];
    if (!other && !this.dragged && distance(now, before.start) < STILL) return;
    if (!this.dragged) this.frame.setPointerCapture(pointer.pointerId); // earlier, a click would not be the node's
    this.dragged = true;
    this.fingers.set(pointer.pointerId, { ...now, start: before.start });
    if (!other) return this.moveBy(now.x - before.x, now.y - before.y);
    const middle = (point) => ({ x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 });
    this.moveBy(middle(now).x - middle(before).x, middle(now).y - middle(before).y);
    this.zoomBy(distance(now, other) / (distance(before, other) || 1), middle(now));
  }

  // A pointer's place in the frame, and the place on the map of one in the frame.
  pointOf({ clientX, clientY }) {
    const { left, top } = this.svg.getBoundingClientRect();
    return { x: clientX - left, y: clientY - top };
  }

  at(x, y) {
    return { x: x - this.left, y: y - this.top };
  }
}

const mapOf = (target) => maps.get(target.closest?.(".map-frame"));

const resized = new ResizeObserver((all) => {
  for (const { target, contentRect } of all) maps.get(target)?.resize(contentRect);
});

new MutationObserver(() => {
  for (const frame of document.querySelectorAll(".map-frame:not([data-ready])")) {
    frame.dataset.ready = "";
    maps.set(frame, new NetworkMap(frame));
    resized.observe(frame);
  }
}).observe(document, { subtree: true, childList: true });

// What a form has found, or the card that was opened: {cards} or {card}; asked for by explorer.js.
document.addEventListener("bring-out", ({ detail: { card, cards } }) => {
  const map = maps.get(document.querySelector(".map-frame"));
  map?.bringOut(card ? map.neighbours(card) : new Set(cards));
  if (card) map?.show(card);
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom]");
  if (!button) return;
  const map = maps.get(button.closest("[data-view]").querySelector(".map-frame"));
  if (button.dataset.zoom === "0") map.whole();
  else map.zoomBy(Number(button.dataset.zoom));
});

// After a drag, the click that ends it chooses nothing; a finger is too broad for a square.
document.addEventListener(
  "click",
  (event) => {
    const map = mapOf(event.target);
    if (!map) return;
    if (map.dragged) event.stopPropagation();
    else if (event.pointerType === "touch" && !event.target.closest(".node")) {
      const { x, y } = map.pointOf(event);
      const node = map.nearest(map.at(x, y), FINGER);
      if (!node) return;
      event.stopPropagation();
      node.group.dispatchEvent(new MouseEvent("click", { bubbles: true, detail: 1 }));
    }
  },
  true,
);

document.addEventListener(
  "wheel",
  (event) => {
    const map = mapOf(event.target);
    if (!map || (map.zoom === 1 && event.deltaY >= 0)) return; // the page scrolls
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    if (event.deltaX || event.shiftKey) map.moveBy(-(event.deltaX || event.deltaY) * lines, 0);
    else map.zoomBy(Math.exp((-event.deltaY * lines * (event.ctrlKey ? 10 : 1)) / 500), map.pointOf(event));
  },
  { passive: false },
);

document.addEventListener("pointerdown", (event) => {
  const map = mapOf(event.target);
  if (!map || event.button) return;
  const start = map.pointOf(event);
  map.dragged = map.fingers.size > 0;
  map.fingers.set(event.pointerId, { ...start, start });
});

document.addEventListener("pointermove", (event) => {
  const map = mapOf(event.target);
  if (map?.fingers.has(event.pointerId)) map.drag(event);
});

for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, (event) => mapOf(event.target)?.fingers.delete(event.pointerId));
}

document.addEventListener("pointerover", (event) => {
  const map = mapOf(event.target);
  if (map && !event.buttons) map.point(map.nodes.find(({ group }) => group === event.target.closest(".node")));
});

document.addEventListener("keydown", (event) => {
  const map = maps.get(event.target);
  if (!map || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key in STEPS) map.aim(STEPS[event.key]);
  else if (event.key === "+" || event.key === "=") map.zoomBy(KEY_ZOOM);
  else if (event.key === "-") map.zoomBy(1 / KEY_ZOOM);
  else if (event.key === "0") map.whole();
  else if (event.key === "Enter") map.aimed?.group.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  else return;
  event.preventDefault();
});
