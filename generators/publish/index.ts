import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:publish`: the way of an extension to npm, with what is done and what is next. */
const generator = generatorFor('publish');

export { generator as default, generator as 'module.exports' };
