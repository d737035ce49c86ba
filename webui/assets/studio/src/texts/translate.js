// The `translate` service of the modeller: English sentences in, the page's language out.

import packageTexts from 'bpmn-js-i18n/translations/zn.js';
import canvasTexts from 'bpmn-js-i18n-zh/lib/bpmn-js/index.js';
import panelTexts from 'bpmn-js-i18n-zh/lib/properties-panel/index.js';
import ownTexts from './own.js';

// One package says "Timer boundary event (non-interrupting)", another "Timer Boundary Event (Non Interrupting)".
const alike = sentence => sentence.toLowerCase().replaceAll('-', ' ');
const texts = { ...packageTexts, ...canvasTexts, ...panelTexts, ...ownTexts };
const chinese = new Map(Object.entries(texts).map(([english, ours]) => [alike(english), ours]));

/** English sentences that were asked for in Chinese and have none; the browser test keeps it empty. */
export const untranslated = new Set();

/** Return `translate(sentence, values)` for a language: `zh`, or anything else for English. */
export function translator(language) {
  return (sentence, values = {}) => fill(language === 'zh' ? inChinese(sentence) : sentence, values);
}

/** Return the modeller's module for a language. */
export function translateModule(language) {
  return { translate: ['value', translator(language)] };
}

function inChinese(sentence) {
  const known = chinese.get(alike(sentence));
  if (known === undefined && /[A-Za-z]{2}/.test(sentence) && !/[\u4e00-\u9fff]/.test(sentence)) untranslated.add(sentence);
  return known ?? sentence;
}

function fill(sentence, values) {
  return sentence.replace(/{([^}]+)}/g, (whole, name) => values[name] ?? whole);
}
