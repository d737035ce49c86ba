// The modeller with our panel, our attributes and the page's language.

import Modeler from 'bpmn-js/lib/Modeler';
import { BpmnPropertiesPanelModule, BpmnPropertiesProviderModule } from 'bpmn-js-properties-panel';
import { CreateAppendAnythingModule } from 'bpmn-js-create-append-anything';
import minimapModule from 'diagram-js-minimap';
import panelProvider from './panel/provider.js';
import { translateModule } from './texts/translate.js';
import wuxing from './wuxing.json';

class WuxingModeler extends Modeler {
  // The standard lets a multi-instance name its list by the id of a data object only; here it names
  // a variable. As a reference an unknown name would be lost when a diagram is opened and saved.
  _createModdle(options) {
    const moddle = super._createModdle(options);
    const { properties } = moddle.registry.typeMap['bpmn:MultiInstanceLoopCharacteristics'];
    for (const property of properties) {
      if (/loopData(Input|Output)Ref$/.test(property.name)) Object.assign(property, { type: 'String', isReference: false });
    }
    return moddle;
  }
}

/** Return a modeller in `canvas` with its panel in `panel`; `catalogue` lists what the server knows. */
export function createModeler({ canvas, panel, language, catalogue }) {
  return new WuxingModeler({
    container: canvas,
    propertiesPanel: { parent: panel },
    moddleExtensions: { wuxing },
    wuxing: catalogue,
    additionalModules: [
      BpmnPropertiesPanelModule, BpmnPropertiesProviderModule, panelProvider,
      CreateAppendAnythingModule, minimapModule, translateModule(language),
    ],
  });
}
