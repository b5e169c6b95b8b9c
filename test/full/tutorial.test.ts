import { itDoesAllOf } from '../support/walk.js';

describe('the tutorial', () => {
  itDoesAllOf('docs/tutorial.md', [
    'npm login',
    'az functionapp config appsettings set --resource-group <group> --name <app> --settings NODE_ENABLE_WORKER_EXTENSIONS=0',
    'az functionapp deployment source config-zip --resource-group <group> --name <app> --src deploy.zip',
  ]);
});
