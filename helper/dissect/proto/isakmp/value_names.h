// Values that have names in IKE, as Wireshark words them.
#pragma once

#include "shared/model/field.h"

namespace pr::dissect::isakmp {

constexpr NamedValue kPayloads[] = {{0, "NONE / No Next Payload "},
                                    {1, "Security Association"},
                                    {2, "Proposal"},
                                    {3, "Transform"},
                                    {4, "Key Exchange"},
                                    {5, "Identification"},
                                    {6, "Certificate"},
                                    {7, "Certificate Request"},
                                    {8, "Hash"},
                                    {9, "Signature"},
                                    {10, "Nonce"},
                                    {11, "Notification"},
                                    {12, "Delete"},
                                    {13, "Vendor ID"},
                                    {20, "NAT-D (RFC 3947)"},
                                    {21, "NAT-OA (RFC 3947)"},
                                    {33, "Security Association"},
                                    {34, "Key Exchange"},
                                    {35, "Identification - Initiator"},
                                    {36, "Identification - Responder"},
                                    {37, "Certificate"},
                                    {38, "Certificate Request"},
                                    {39, "Authentication"},
                                    {40, "Nonce"},
                                    {41, "Notify"},
                                    {42, "Delete"},
                                    {43, "Vendor ID"},
                                    {44, "Traffic Selector - Initiator"},
                                    {45, "Traffic Selector - Responder"},
                                    {46, "Encrypted and Authenticated"},
                                    {47, "Configuration"},
                                    {48, "Extensible Authentication"},
                                    {53, "Encrypted and Authenticated Fragment"}};
constexpr NamedValue kExchanges[] = {{0, "NONE"},
                                     {1, "Base"},
                                     {2, "Identity Protection (Main Mode)"},
                                     {3, "Authentication Only"},
                                     {4, "Aggressive"},
                                     {5, "Informational"},
                                     {6, "Transaction (Config Mode)"},
                                     {32, "Quick Mode"},
                                     {33, "New Group Mode"},
                                     {34, "IKE_SA_INIT"},
                                     {35, "IKE_AUTH"},
                                     {36, "CREATE_CHILD_SA"},
                                     {37, "INFORMATIONAL"},
                                     {38, "IKE_SESSION_RESUME"}};
constexpr NamedValue kProtocols[] = {{1, "IKE"}, {2, "AH"}, {3, "ESP"}, {4, "IPCOMP"}};
constexpr NamedValue kTransformTypes[] = {{1, "Encryption Algorithm (ENCR)"},
                                          {2, "Pseudo-random Function (PRF)"},
                                          {3, "Integrity Algorithm (INTEG)"},
                                          {4, "Diffie-Hellman Group (D-H)"},
                                          {5, "Extended Sequence Numbers (ESN)"}};
constexpr NamedValue kEncryption[] = {{2, "ENCR_DES"},
                                      {3, "ENCR_3DES"},
                                      {5, "ENCR_IDEA"},
                                      {11, "ENCR_NULL"},
                                      {12, "ENCR_AES_CBC"},
                                      {13, "ENCR_AES_CTR"},
                                      {18, "AES-GCM with a 8 octet ICV"},
                                      {20, "AES-GCM with a 16 octet ICV"},
                                      {28, "ENCR_CHACHA20_POLY1305"}};
constexpr NamedValue kPrf[] = {{1, "PRF_HMAC_MD5"},      {2, "PRF_HMAC_SHA1"},     {4, "PRF_AES128_CBC"},
                               {5, "PRF_HMAC_SHA2_256"}, {6, "PRF_HMAC_SHA2_384"}, {7, "PRF_HMAC_SHA2_512"}};
constexpr NamedValue kIntegrity[] = {{0, "NONE"},
                                     {1, "AUTH_HMAC_MD5_96"},
                                     {2, "AUTH_HMAC_SHA1_96"},
                                     {5, "AUTH_AES_XCBC_96"},
                                     {12, "AUTH_HMAC_SHA2_256_128"},
                                     {13, "AUTH_HMAC_SHA2_384_192"},
                                     {14, "AUTH_HMAC_SHA2_512_256"}};
constexpr NamedValue kGroups[] = {{1, "Default 768-bit MODP group"}, {2, "Alternate 1024-bit MODP group"},
                                  {5, "1536 bit MODP group"},        {14, "2048 bit MODP group"},
                                  {15, "3072 bit MODP group"},       {16, "4096 bit MODP group"},
                                  {19, "256-bit random ECP group"},  {20, "384-bit random ECP group"},
                                  {21, "521-bit random ECP group"},  {31, "Curve25519"}};
constexpr NamedValue kIkeCiphers[] = {{1, "DES-CBC"},  {2, "IDEA-CBC"}, {3, "BLOWFISH-CBC"}, {4, "RC5-R16-B64-CBC"},
                                      {5, "3DES-CBC"}, {6, "CAST-CBC"}, {7, "AES-CBC"}};
constexpr NamedValue kIkeHashes[] = {{1, "MD5"},      {2, "SHA"},      {3, "TIGER"},
                                     {4, "SHA2-256"}, {5, "SHA2-384"}, {6, "SHA2-512"}};
constexpr NamedValue kAuthentications[] = {{1, "Pre-shared key"},
                                           {2, "DSS signatures"},
                                           {3, "RSA signatures"},
                                           {4, "Encryption with RSA"},
                                           {5, "Revised encryption with RSA"},
                                           {65001, "XAUTHInitPreShared"}};
constexpr NamedValue kLifeTypes[] = {{1, "Seconds"}, {2, "Kilobytes"}};
constexpr NamedValue kIkeAttributes[] = {
    {1, "Encryption-Algorithm"}, {2, "Hash-Algorithm"}, {3, "Authentication-Method"},
    {4, "Group-Description"},    {5, "Group-Type"},     {11, "Life-Type"},
    {12, "Life-Duration"},       {13, "PRF"},           {14, "Key-Length"}};
constexpr NamedValue kIdTypes[] = {{1, "IPV4_ADDR"},        {2, "FQDN"},         {3, "USER_FQDN"},
                                   {4, "IPV4_ADDR_SUBNET"}, {5, "IPV6_ADDR"},    {6, "IPV6_ADDR_SUBNET"},
                                   {9, "DER_ASN1_DN"},      {10, "DER_ASN1_GN"}, {11, "KEY_ID"}};
constexpr NamedValue kNotifications[] = {{1, "INVALID-PAYLOAD-TYPE"},
                                         {7, "INVALID_SYNTAX"},
                                         {14, "NO-PROPOSAL-CHOSEN"},
                                         {17, "INVALID_KE_PAYLOAD"},
                                         {24, "AUTHENTICATION_FAILED"},
                                         {16384, "INITIAL_CONTACT"},
                                         {16388, "NAT_DETECTION_SOURCE_IP"},
                                         {16389, "NAT_DETECTION_DESTINATION_IP"},
                                         {16390, "COOKIE"},
                                         {16430, "IKEV2_FRAGMENTATION_SUPPORTED"},
                                         {16431, "SIGNATURE_HASH_ALGORITHMS"},
                                         {36136, "R_U_THERE"}};

}  // namespace pr::dissect::isakmp
