import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:extension`: the package of an extension. */
const generator = generatorFor('extension');

export { generator as default, generator as 'module.exports' };
