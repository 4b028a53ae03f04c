using System.Net.Sockets;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;

namespace OrleansLb.Speaker.Links.Linux;

/// <summary>
/// The classic BPF programs that keep all but the wanted frames in the kernel. All drop what is for another host, and frames with a VLAN tag:
/// a socket on eth0 is shown frames of VLANs that nobody serves.
/// </summary>
internal static class PacketFilter
{
    private const int SolSocket = 1;
    private const int AttachFilter = 26;
    private const int LockFilter = 44;
    private const int InstructionLength = 8;

    private const ushort LoadHalf = 0x28, LoadByte = 0x30, LoadWord = 0x20, JumpIfEqual = 0x15, JumpIfAnyBit = 0x45, Return = 0x06;
    private const ushort LoadFrameLength = 0x80, JumpIfAtLeast = 0x35;
    private const ushort LoadHeaderLength = 0xb1, LoadByteAfterHeader = 0x50; // of IPv4: X = 4 * (octet & 15); octet at X + operand
    private const uint Ancillary = 0xfffff000, PacketType = Ancillary + 4, VlanTagPresent = Ancillary + 48;
    private const uint OtherHost = 3; // and 4: sent by this host
    private const uint WholeFrame = 0x40000;

    /// <summary>One instruction; jumps count the instructions that they skip.</summary>
    private readonly record struct Instruction(ushort Code, byte IfTrue, byte IfFalse, uint Operand);

    private static Instruction[] Nothing => [new(Return, 0, 0, 0)];

    private static Instruction[] Arp =>
    [
        new(LoadWord, 0, 0, PacketType),
        new(JumpIfAtLeast, 5, 0, OtherHost),
        new(LoadWord, 0, 0, VlanTagPresent),
        new(JumpIfEqual, 0, 3, 0),
        new(LoadHalf, 0, 0, 12),
        new(JumpIfEqual, 0, 1, (uint)EtherType.Arp),
        new(Return, 0, 0, WholeFrame),
        new(Return, 0, 0, 0),
    ];

    /// <summary>What is cut short before its ICMPv6 type could be read is let through, to be counted.</summary>
    private static Instruction[] Ndp =>
    [
        new(LoadWord, 0, 0, PacketType),
        new(JumpIfAtLeast, 14, 0, OtherHost),
        new(LoadWord, 0, 0, VlanTagPresent),
        new(JumpIfEqual, 0, 12, 0),
        new(LoadHalf, 0, 0, 12),
        new(JumpIfEqual, 0, 10, (uint)EtherType.Ipv6),
        new(LoadFrameLength, 0, 0, 0),
        new(JumpIfAtLeast, 0, 7, 54),
        new(LoadByte, 0, 0, 20),
        new(JumpIfEqual, 0, 6, Icmpv6.NextHeader),
        new(LoadFrameLength, 0, 0, 0),
        new(JumpIfEqual, 3, 0, 54),
        new(LoadByte, 0, 0, 54),
        new(JumpIfEqual, 1, 0, (uint)NdpType.NeighborSolicitation),
        new(JumpIfEqual, 0, 1, (uint)NdpType.NeighborAdvertisement),
        new(Return, 0, 0, WholeFrame),
        new(Return, 0, 0, 0),
    ];

    /// <summary>A later fragment has no ICMP header to look at and is dropped; the first one is let through to be counted.</summary>
    private static Instruction[] Echo =>
    [
        new(LoadWord, 0, 0, PacketType),
        new(JumpIfAtLeast, 11, 0, OtherHost),
        new(LoadWord, 0, 0, VlanTagPresent),
        new(JumpIfEqual, 0, 9, 0),
        new(LoadHalf, 0, 0, 12),
        new(JumpIfEqual, 0, 7, (uint)EtherType.Ipv4),
        new(LoadByte, 0, 0, 23),
        new(JumpIfEqual, 0, 5, 1),
        new(LoadHalf, 0, 0, 20),
        new(JumpIfAnyBit, 3, 0, 0x1fff),
        new(LoadHeaderLength, 0, 0, 14),
        new(LoadByteAfterHeader, 0, 0, 14),
        new(JumpIfEqual, 1, 0, 8),
        new(Return, 0, 0, 0),
        new(Return, 0, 0, WholeFrame),
    ];

    private static Instruction[] Echo6 =>
    [
        new(LoadWord, 0, 0, PacketType),
        new(JumpIfAtLeast, 9, 0, OtherHost),
        new(LoadWord, 0, 0, VlanTagPresent),
        new(JumpIfEqual, 0, 7, 0),
        new(LoadHalf, 0, 0, 12),
        new(JumpIfEqual, 0, 5, (uint)EtherType.Ipv6),
        new(LoadByte, 0, 0, 20),
        new(JumpIfEqual, 0, 3, Icmpv6.NextHeader),
        new(LoadByte, 0, 0, 54),
        new(JumpIfEqual, 0, 1, 128),
        new(Return, 0, 0, WholeFrame),
        new(Return, 0, 0, 0),
    ];

    private static Instruction[] For(LinkTraffic traffic) => traffic switch
    {
        LinkTraffic.Arp => Arp,
        LinkTraffic.Ndp => Ndp,
        LinkTraffic.Echo => Echo,
        _ => Echo6,
    };

    /// <summary>Attaches the program and locks it, so that nothing in this process can widen it again.</summary>
    public static void Attach(Socket socket, LinkTraffic traffic)
    {
        Attach(socket, For(traffic));
        socket.SetRawSocketOption(SolSocket, LockFilter, BitConverter.GetBytes(1));
    }

    /// <summary>Attaches a program that drops every frame.</summary>
    public static void AttachNothing(Socket socket) => Attach(socket, Nothing);

    private static unsafe void Attach(Socket socket, Instruction[] program)
    {
        var code = Encode(program);
        fixed (byte* start = code)
        {
            Span<byte> header = stackalloc byte[16]; // struct sock_fprog: a count, padding, a pointer
            BitConverter.TryWriteBytes(header, (ushort)program.Length);
            BitConverter.TryWriteBytes(header[8..], (nint)start);
            socket.SetRawSocketOption(SolSocket, AttachFilter, header);
        }
    }

    private static byte[] Encode(Instruction[] program)
    {
        var code = new byte[program.Length * InstructionLength];
        for (var index = 0; index < program.Length; index++)
        {
            var at = code.AsSpan(index * InstructionLength);
            BitConverter.TryWriteBytes(at, program[index].Code);
            (at[2], at[3]) = (program[index].IfTrue, program[index].IfFalse);
            BitConverter.TryWriteBytes(at[4..], program[index].Operand);
        }
        return code;
    }
}
