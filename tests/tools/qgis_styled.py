"""Run by QGIS's own Python: open a GeoPackage and tell how its incidents are drawn."""

import json
import sys

from qgis.core import QgsApplication, QgsRenderContext, QgsVectorLayer

application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(f"{sys.argv[1]}|layername=incidents", "incidents", "ogr")
assert layer.isValid(), layer.error().message()
renderer = layer.renderer()
context = QgsRenderContext()
renderer.startRender(context, layer.fields())
colors = {}
for feature in layer.getFeatures():
    context.expressionContext().setFeature(feature)
    colors[feature["category"]] = [
        each.color().name() for each in renderer.symbolsForFeature(feature, context)
    ]
renderer.stopRender(context)
labels = [item.label() for item in renderer.legendSymbolItems()]
sys.stdout.write(json.dumps({"type": renderer.type(), "labels": labels, "colors": colors}))
