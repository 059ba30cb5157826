"""Run by QGIS's own Python: open an address as a vector layer, save it as a GeoPackage, tell what it was."""

import json
import sys

from qgis.core import QgsApplication, QgsVectorFileWriter, QgsVectorLayer
from qgis.PyQt.QtCore import QVariant

address, target = sys.argv[1:]
application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(address, "incidents", "ogr")
assert layer.isValid(), layer.error().message()
options = QgsVectorFileWriter.SaveVectorOptions()
options.driverName = "GPKG"
# QGIS 3.22 refuses to write lists, which GeoJSON has and FlatGeobuf does not.
fields = layer.fields()
lists = (QVariant.List, QVariant.Map, QVariant.StringList)
options.attributes = [index for index in range(len(fields)) if fields[index].type() not in lists]
transform = layer.transformContext()
failed, message, *_ = QgsVectorFileWriter.writeAsVectorFormatV3(layer, target, transform, options)
assert failed == QgsVectorFileWriter.NoError, message
sys.stdout.write(json.dumps({"features": layer.featureCount(), "crs": layer.crs().authid()}))
