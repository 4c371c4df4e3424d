"""Is the writer's domain proven, when no mail host in front of us has checked it?"""
