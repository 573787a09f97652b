import { testHostileOutputs } from './hostile-outputs-suite.ts';

testHostileOutputs('first');
