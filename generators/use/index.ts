import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:use`: switches an extension on in a function app that is there already. */
export default generatorFor('use');
