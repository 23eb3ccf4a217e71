/** Shows the published tilesets of the local cloud on a plain ground; everything comes from this origin. */
import { addProtocol, Map, NavigationControl, ScaleControl } from './lib/maplibre-gl.mjs';
import { graticule } from './graticule.js';

const { PMTiles, Protocol } = globalThis.pmtiles;

const GROUND = '#dfe5ea';
const LINES = '#b3bfc9';
const OUTLINE = '#0b62a8';
const FIT = { padding: { top: 40, right: 40, bottom: 40, left: 300 }, duration: 0 };
const NO_FEATURES = { type: 'FeatureCollection', features: [] };

const protocol = new Protocol();
addProtocol('pmtiles', protocol.tile);

const element = (id) => document.getElementById(id);
const map = new Map({
  container: 'map',
  attributionControl: { compact: true },
  canvasContextAttributes: { preserveDrawingBuffer: true },
  style: {
    version: 8,
    sources: {
      graticule: { type: 'geojson', data: NO_FEATURES },
      outline: { type: 'geojson', data: NO_FEATURES },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': GROUND } },
      { id: 'graticule', type: 'line', source: 'graticule', paint: { 'line-color': LINES, 'line-width': 1 } },
      { id: 'outline', type: 'line', source: 'outline', paint: { 'line-color': OUTLINE, 'line-width': 1.5 } },
    ],
  },
});
map.addControl(new NavigationControl(), 'top-right');
map.addControl(new ScaleControl(), 'bottom-right');
map.on('error', ({ error }) => showMessage(error?.message ?? 'The map failed.'));
map.on('moveend', () => {
  drawGraticule();
  showPosition();
});

function showMessage(text) {
  element('message').textContent = text;
  element('message').hidden = false;
}

function showPosition() {
  const { lng, lat } = map.getCenter();
  element('position').textContent = `zoom ${map.getZoom().toFixed(1)} · ${lat.toFixed(4)}°, ${lng.toFixed(4)}°`;
}

function drawGraticule() {
  const bounds = map.getBounds();
  const view = {
    west: bounds.getWest(),
    south: bounds.getSouth(),
    east: bounds.getEast(),
    north: bounds.getNorth(),
  };
  map.getSource('graticule')?.setData(graticule(view, map.getZoom()));
}

function showFacts(facts) {
  const rows = facts.flatMap(([term, value]) => {
    const [dt, dd] = [document.createElement('dt'), document.createElement('dd')];
    dt.textContent = term;
    dd.textContent = value;
    return [dt, dd];
  });
  element('facts').replaceChildren(...rows);
}

function formatBytes(bytes) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  return `${(bytes / 1000 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}

/** The rectangle of an archive as a line. */
function outlineOf({ minLon, minLat, maxLon, maxLat }) {
  const corners = [
    [minLon, minLat],
    [maxLon, minLat],
    [maxLon, maxLat],
    [minLon, maxLat],
    [minLon, minLat],
  ];
  return { type: 'LineString', coordinates: corners };
}

async function show(tileset) {
  const address = new URL(tileset.archive, location.origin).href;
  const archive = new PMTiles(address);
  protocol.add(archive);
  const header = await archive.getHeader();
  if (map.getLayer('tiles')) map.removeLayer('tiles');
  if (map.getSource('tiles')) map.removeSource('tiles');
  map.addSource('tiles', {
    type: 'raster',
    url: `pmtiles://${address}`,
    tileSize: 256,
    minzoom: header.minZoom,
    maxzoom: header.maxZoom,
  });
  map.addLayer({ id: 'tiles', type: 'raster', source: 'tiles', paint: { 'raster-fade-duration': 0 } }, 'outline');
  map.getSource('outline').setData(outlineOf(header));
  map.fitBounds([header.minLon, header.minLat, header.maxLon, header.maxLat], FIT);
  showFacts([
    ['zoom', `${header.minZoom} – ${header.maxZoom}`],
    ['tiles', header.numAddressedTiles.toLocaleString('en')],
    ['distinct', header.numTileContents.toLocaleString('en')],
    ['size', formatBytes(tileset.bytes)],
    ['west, south', `${header.minLon.toFixed(3)}, ${header.minLat.toFixed(3)}`],
    ['east, north', `${header.maxLon.toFixed(3)}, ${header.maxLat.toFixed(3)}`],
    ['job', tileset.jobID],
  ]);
}

async function loadTilesets() {
  const response = await fetch('datasets.json');
  if (!response.ok) throw new Error((await response.json()).detail);
  return (await response.json()).tilesets;
}

async function start() {
  const [tilesets] = await Promise.all([loadTilesets(), map.once('load')]);
  drawGraticule();
  showPosition();
  if (tilesets.length === 0)
    throw new Error('No tileset is published yet. Run a raster preseed, then load this page again.');
  const select = element('tileset');
  select.replaceChildren(...tilesets.map(({ id }) => new Option(id, id)));
  const wanted = tilesets.find(({ id }) => id === location.hash.slice(1)) ?? tilesets[0];
  select.value = wanted.id;
  select.addEventListener('change', () => {
    element('message').hidden = true;
    show(tilesets.find(({ id }) => id === select.value)).catch((error) => showMessage(error.message));
  });
  await show(wanted);
}

start().catch((error) => showMessage(error.message));
