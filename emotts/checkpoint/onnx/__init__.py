"""A voice as two ONNX graphs: from phones to latents, and from latents to samples."""
