import { generatorFor } from '../yeoman.js';

/** `yo azfunc-extension:update`: brings a project to the templates of this version. */
export default generatorFor('update');
