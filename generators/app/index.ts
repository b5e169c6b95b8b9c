import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension`: an extension, and unless it is not wanted, a function app that uses it. */
const generator = generatorFor('app');

export { generator as default, generator as 'module.exports' };
