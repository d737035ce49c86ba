// The `translate` service of the modeller: English sentences in, the page's language out.

import packageTexts from 'bpmn-js-i18n/translations/zn.js';
import canvasTexts from 'bpmn-js-i18n-zh/lib/bpmn-js/index.js';
import panelTexts from 'bpmn-js-i18n-zh/lib/properties-panel/index.js';
import ownTexts from './own.js';

const chinese = { ...packageTexts, ...canvasTexts, ...panelTexts, ...ownTexts };

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
  const known = Object.hasOwn(chinese, sentence);
  if (!known && /[A-Za-z]{2}/.test(sentence) && !/[\u4e00-\u9fff]/.test(sentence)) untranslated.add(sentence);
  return known ? chinese[sentence] : sentence;
}

function fill(sentence, values) {
  return sentence.replace(/{([^}]+)}/g, (whole, name) => values[name] ?? whole);
}
