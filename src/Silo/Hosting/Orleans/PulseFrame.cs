using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OrleansLb.Silo.Hosting;

/// <summary>
/// "Does silo g run?" and "it does", as datagrams of <see cref="Length"/> octets each: four that tell which of the two it is, the silo's generation, and eight
/// that the answer repeats, so that nobody who did not hear the question can answer it. An answer is no longer than its question: nothing is amplified.
/// </summary>
internal static class PulseFrame
{
    public const int Length = 16;

    private const int GenerationAt = 4;
    private const int NonceAt = 8;

    private static ReadOnlySpan<byte> AsksForLife => "OLB?"u8;
    private static ReadOnlySpan<byte> TellsOfLife => "OLB!"u8;

    /// <param name="generation">Of the silo that is meant: who has its port now may be another.</param>
    public static byte[] Question(int generation)
    {
        var frame = new byte[Length];
        AsksForLife.CopyTo(frame);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(GenerationAt), generation);
        RandomNumberGenerator.Fill(frame.AsSpan(NonceAt));
        return frame;
    }

    /// <summary>Makes the question in <paramref name="frame"/> the answer to it. False: it is no question that this silo has to answer.</summary>
    public static bool TryAnswer(Span<byte> frame, int generation)
    {
        if (frame.Length != Length || !frame.StartsWith(AsksForLife) || BinaryPrimitives.ReadInt32BigEndian(frame[GenerationAt..]) != generation) return false;
        TellsOfLife.CopyTo(frame);
        return true;
    }

    public static bool IsAnswer(ReadOnlySpan<byte> frame, ReadOnlySpan<byte> question) =>
        frame.Length == Length && frame.StartsWith(TellsOfLife) && frame[GenerationAt..].SequenceEqual(question[GenerationAt..]);
}
