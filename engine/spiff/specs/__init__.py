"""What the nodes of a diagram do with a token: one class per kind of node, all of them ours."""
