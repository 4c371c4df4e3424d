"""How do people come to be invited: who gets a code, on which letter, and by which mail?"""
