import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:use`: switches an extension on in an existing function app. */
export default generatorFor('use');
