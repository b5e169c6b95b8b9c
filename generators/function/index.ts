import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:function`: adds a function to an existing function app. */
const generator = generatorFor('function');

export { generator as default, generator as 'module.exports' };
