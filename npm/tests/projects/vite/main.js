import * as ottla from 'ottla';
import { page } from './page.js';

page(ottla).then((text) => (document.title = text), (error) => (document.title = `failed: ${error.stack}`));
