import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:update`: updates a project to the templates of this version. */
const generator = generatorFor('update');

export { generator as default, generator as 'module.exports' };
