import kafkajs from 'kafkajs';
import * as ottla from 'ottla';
import story from './story.cjs';

console.log(await story(ottla, kafkajs));
