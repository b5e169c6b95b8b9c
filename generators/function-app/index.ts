import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:function-app`: a function app that uses an extension. */
const generator = generatorFor('function-app');

export { generator as default, generator as 'module.exports' };
