namespace OrleansLb.Protocols.Tests;

/// <summary>Bytes as a capture shows them: hexadecimal, spaced at will.</summary>
public static class Hex
{
    public static byte[] Bytes(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal).ReplaceLineEndings(""));

    public static string Text(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);
}
