"""The catalogue for other libraries: OAI-PMH 2.0 (openarchives.org/OAI/2.0/openarchivesprotocol.htm).

``asking`` reads what is asked for, ``harvest`` finds the records, ``formats`` describes them, and
``answering`` puts all of it into XML.
"""
