// Everything below adds comfort: each page works without it.
// htmx is loaded by its own <script defer>; the map fetches Leaflet when one is needed.
import './focus.js';
import './countdown.js';
import './choice.js';
import './double.js';
import './print.js';
import './map.js';
import './suggest.js';
import './locate.js';
import './sum.js';
