"""Reads or writes a file with the PyPI package `mcap`: mcap_peer.py read FILE | write FILE COMPRESSION."""

import sys

from mcap.reader import NonSeekingReader, SeekingReader
from mcap.writer import CompressionType, Writer


def read(path):
    for name, kind in (("indexed", SeekingReader), ("streamed", NonSeekingReader)):
        with open(path, "rb") as stream:
            reader = kind(stream, validate_crcs=True)
            for schema, channel, message in reader.iter_messages(log_time_order=False):
                print(name, channel.topic, schema.name, message.sequence, message.log_time, message.data.hex())
    with open(path, "rb") as stream:
        reader = SeekingReader(stream, validate_crcs=True)
        for metadata in reader.iter_metadata():
            print("metadata", metadata.name, sorted(metadata.metadata.items()))
        for attachment in reader.iter_attachments():
            print("attachment", attachment.name, attachment.data.hex())


def write(path, compression):
    with open(path, "wb") as stream:
        writer = Writer(stream, compression=CompressionType[compression], chunk_size=500)
        writer.start("test", "peer")
        schema = writer.register_schema("s", "jsonschema", b"{}")
        channels = [writer.register_channel(topic, "json", schema) for topic in ("/a", "/b", "/c")]
        for index in range(100):
            writer.add_message(channels[index % 3], 1000 + index * 10, bytes([index]) * (index % 7), index, index)
        writer.add_metadata("m", {"k": "v"})
        writer.finish()


if sys.argv[1] == "read":
    read(sys.argv[2])
else:
    write(sys.argv[2], sys.argv[3])
