// Comforts of the pages for those who work with the program; each page works without them.
import './tourForm.js';
import './positionPicker.js';
import './dragTour.js';
import './dayPlace.js';
import './dayOffline.js'; // after dayPlace.js: it keeps the forms from going on
import './callSearch.js'; // before callKeys.js: it has the first say about Enter and the arrows
import './callKeys.js';
