#!/usr/bin/env node
require('generator-azfunc-extension/bin.cjs');
