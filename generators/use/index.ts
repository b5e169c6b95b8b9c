import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:use`: switches an extension on in an existing function app. */
const generator = generatorFor('use');

export { generator as default, generator as 'module.exports' };
