const kafkajs = require('kafkajs');
const ottla = require('ottla');
const story = require('./story.cjs');

story(ottla, kafkajs).then(console.log);
