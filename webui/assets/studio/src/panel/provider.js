// Our groups of the properties panel, put between the standard's "General" and "Documentation".

import { Group } from '@bpmn-io/properties-panel';
import { automaticGroups, ruleGroup } from './automatic.js';
import { flowGroups } from './flow.js';
import { workGroups } from './work.js';

const GROUPS = [...workGroups, ...flowGroups, ...automaticGroups];
// The standard's groups that ours say better: they link to another engine's manual or lack FEEL.
const REPLACED = new Set(['timer', 'multiInstance']);
const AFTER_STANDARD = 500;

class WuxingProvider {
  static $inject = ['propertiesPanel', 'translate'];

  constructor(propertiesPanel, translate) {
    this.translate = translate;
    propertiesPanel.registerProvider(AFTER_STANDARD, this);
  }

  getGroups(element) {
    return standard => {
      const kept = standard.filter(group => !REPLACED.has(group.id));
      const ours = GROUPS.filter(group => group.applies(element)).map(group => this.shown(group, element, true));
      const rules = ruleGroup.applies(element) ? [this.shown(ruleGroup, element, false)] : [];
      return [...kept.slice(0, 1), ...ours, ...kept.slice(1), ...rules];
    };
  }

  shown({ id, label, entries }, element, shouldOpen) {
    return { id, label: this.translate(label), component: Group, entries: entries(element), shouldOpen };
  }
}

export default { __init__: ['wuxingProvider'], wuxingProvider: ['type', WuxingProvider] };
