// Where the labels of the map go, so that they can be read: greedily, the most important node first.
const LINE = 13; // height of a label, in pixels
const BASE = 3; // of that, below the line that the letters stand on
const GAP = 3; // between a node and a label beside it
const CORE = 0.6; // the part of a circle that a label leaves free

const overlap = (one, other) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
const boxAround = ({ x, y }, half) => ({ left: x - half, right: x + half, top: y - half, bottom: y + half });

// Below the node, above it, right and left of it.
function spotsOf({ x, y, half, wide }) {
  const box = (left, top) => ({ left, top, right: left + wide, bottom: top + LINE, base: top + LINE - BASE });
  const [beside, gap] = [half + GAP, half + 1];
  return [
    box(x - wide / 2, y + gap),
    box(x - wide / 2, y - gap - LINE),
    box(x + beside, y - LINE / 2),
    box(x - beside - wide, y - LINE / 2),
  ];
}

// A label covers no other one, no node more important than its own, and of a circle the edge only; of the spots left,
// it takes the one that covers the fewest nodes. Nodes come by importance, with their middle, half their width, and the
// width of their label; a node of which no label is in the answer has to be looked at more closely.
alliances.placeLabels = (nodes, { wide, high }) => {
  const shapes = nodes.map((node) => boxAround(node, node.half));
  const cores = nodes.map((node) => (node.isBody ? boxAround(node, node.half * CORE) : null));
  const isInside = ({ left, top, right, bottom }) => left >= 0 && top >= 0 && right <= wide && bottom <= high;
  const places = new Map();
  nodes.forEach((node, index) => {
    let [best, fewest] = [null, Infinity];
    for (const spot of spotsOf(node)) {
      const isHidden = (core, other) => other !== index && core && overlap(spot, core);
      const covers = (shape, other) => other !== index && overlap(spot, shape);
      if (!isInside(spot) || [...places.values()].some((other) => overlap(spot, other))) continue;
      if (cores.some(isHidden) || shapes.slice(0, index).some(covers)) continue;
      const covered = shapes.filter(covers).length;
      if (covered < fewest) [best, fewest] = [spot, covered];
    }
    if (best) places.set(node, best);
  });
  return places;
};
